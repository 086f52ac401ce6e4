//! XML as a tree: what other systems' files are read from.

use quick_xml::Reader;
use quick_xml::XmlVersion::Implicit1_0;
use quick_xml::events::{BytesStart, Event};
use std::collections::BTreeMap;

/// An element.
#[derive(Default)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) attributes: BTreeMap<String, String>,
    pub(crate) children: Vec<Self>,
    pub(crate) text: String,
}

impl Node {
    /// The first child of a name.
    pub(crate) fn child(&self, name: &str) -> Option<&Self> {
        self.all(name).next()
    }

    /// The children of a name.
    pub(crate) fn all(&self, name: &str) -> impl Iterator<Item = &Self> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// What stands in the first child of a name; empty where there is none.
    pub(crate) fn said(&self, name: &str) -> &str {
        self.child(name).map(|child| child.text.trim()).unwrap_or_default()
    }
}

/// The root element of a document.
pub(crate) fn parse(xml: &str) -> Result<Node, quick_xml::Error> {
    let mut reader = Reader::from_str(xml);
    let mut open = vec![Node::default()];
    let close = |open: &mut Vec<Node>| {
        if let (Some(done), Some(parent)) = (open.pop(), open.last_mut()) {
            parent.children.push(done);
        }
    };
    loop {
        let event = reader.read_event()?;
        let text = match event {
            Event::Start(start) => {
                open.push(element(&start)?);
                continue;
            }
            Event::Empty(start) => {
                open.push(element(&start)?);
                close(&mut open);
                continue;
            }
            Event::End(_) => {
                close(&mut open);
                continue;
            }
            Event::Text(text) => text.xml_content(Implicit1_0)?.into_owned(),
            Event::CData(data) => data.xml_content(Implicit1_0)?.into_owned(),
            Event::GeneralRef(reference) => {
                let named =
                    |name: &str| quick_xml::escape::resolve_predefined_entity(name).unwrap_or_default().to_owned();
                match reference.resolve_char_ref()? {
                    Some(character) => character.to_string(),
                    None => named(&reference.decode()?),
                }
            }
            Event::Eof => break,
            _ => continue,
        };
        if let Some(inside) = open.last_mut() {
            inside.text.push_str(&text);
        }
    }
    Ok(open.into_iter().next().and_then(|document| document.children.into_iter().next()).unwrap_or_default())
}

fn element(start: &BytesStart<'_>) -> Result<Node, quick_xml::Error> {
    let mut attributes = BTreeMap::new();
    for attribute in start.attributes() {
        let attribute = attribute?;
        let name = String::from_utf8_lossy(attribute.key.as_ref()).into_owned();
        attributes.insert(name, attribute.normalized_value(Implicit1_0)?.into_owned());
    }
    Ok(Node { name: String::from_utf8_lossy(start.name().as_ref()).into_owned(), attributes, ..Node::default() })
}
