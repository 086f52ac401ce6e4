//! What the capture pages say, in the person's language.
//!
//! The messages are Fluent files compiled into the binary. A message missing in one language falls back to English, and a
//! message missing everywhere shows as its own id, so that a page never fails to render for want of a word.

use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use std::sync::OnceLock;
use unic_langid::LanguageIdentifier;

/// A language the capture pages speak.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    English,
    German,
    Spanish,
    French,
    Japanese,
}

impl Language {
    /// Every language, in the order in which the pages offer them.
    pub const ALL: [Self; 5] = [Self::English, Self::German, Self::Spanish, Self::French, Self::Japanese];

    /// The BCP 47 tag, as it stands in `lang` and in `?lang=`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
            Self::Spanish => "es",
            Self::French => "fr",
            Self::Japanese => "ja",
        }
    }

    /// The language's name in itself.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::English => "English",
            Self::German => "Deutsch",
            Self::Spanish => "Español",
            Self::French => "Français",
            Self::Japanese => "日本語",
        }
    }

    /// The language for plural rules; a test sees to it that every tag parses.
    fn id(self) -> LanguageIdentifier {
        self.tag().parse().unwrap_or_default()
    }

    /// Its messages, parsed when they are first needed.
    fn bundle(self) -> &'static FluentBundle<FluentResource> {
        static BUNDLES: [OnceLock<FluentBundle<FluentResource>>; Language::ALL.len()] =
            [const { OnceLock::new() }; Language::ALL.len()];
        let [english, german, spanish, french, japanese] = &BUNDLES;
        let of_this = match self {
            Self::English => english,
            Self::German => german,
            Self::Spanish => spanish,
            Self::French => french,
            Self::Japanese => japanese,
        };
        of_this.get_or_init(|| bundle(self))
    }

    fn messages(self) -> &'static str {
        match self {
            Self::English => include_str!("../../../web/messages/en/capture.ftl"),
            Self::German => include_str!("../../../web/messages/de/capture.ftl"),
            Self::Spanish => include_str!("../../../web/messages/es/capture.ftl"),
            Self::French => include_str!("../../../web/messages/fr/capture.ftl"),
            Self::Japanese => include_str!("../../../web/messages/ja/capture.ftl"),
        }
    }

    /// The language for a tag such as `de`, `de-AT` or `DE`; region and script are ignored.
    fn from_tag(tag: &str) -> Option<Self> {
        let primary = tag.split(['-', '_']).next()?.trim();
        Self::ALL.into_iter().find(|language| language.tag().eq_ignore_ascii_case(primary))
    }
}

/// The language to answer in: what the person chose, else the best of the browser's `Accept-Language`, else English.
#[must_use]
pub fn negotiate(requested: Option<&str>, accept_language: Option<&str>) -> Language {
    requested.and_then(Language::from_tag).or_else(|| preferred(accept_language?)).unwrap_or(Language::English)
}

/// The highest-weighted language we speak in an `Accept-Language` header (RFC 9110 §12.5.4); the first of equals wins.
fn preferred(header: &str) -> Option<Language> {
    let mut best: Option<(Language, f32)> = None;
    for range in header.split(',') {
        let mut parts = range.split(';');
        let Some(language) = parts.next().and_then(Language::from_tag) else {
            continue;
        };
        let weight = match parts.find_map(|part| part.trim().strip_prefix("q=")) {
            None => 1.0,
            Some(q) => q.trim().parse::<f32>().unwrap_or(0.0),
        };
        if weight > best.map_or(0.0, |(_, weight)| weight) {
            best = Some((language, weight));
        }
    }
    best.map(|(language, _)| language)
}

/// The messages of one language, with English behind them.
pub struct Text(Language);

impl Text {
    /// The messages of `language`.
    #[must_use]
    pub const fn new(language: Language) -> Self {
        Self(language)
    }

    /// The language's BCP 47 tag.
    #[must_use]
    pub fn language(&self) -> &str {
        self.0.tag()
    }

    /// The message `id`, without variables.
    #[must_use]
    pub fn get(&self, id: &str) -> String {
        self.format(id, None)
    }

    /// The message `id` with text variables.
    #[must_use]
    pub fn with(&self, id: &str, variables: &[(&str, &str)]) -> String {
        let mut arguments = FluentArgs::new();
        for (name, value) in variables {
            arguments.set(*name, FluentValue::from(*value));
        }
        self.format(id, Some(&arguments))
    }

    /// The message `id` with the number `$count`, in the right plural form.
    #[must_use]
    pub fn count(&self, id: &str, count: u32) -> String {
        let mut arguments = FluentArgs::new();
        arguments.set("count", FluentValue::from(count));
        self.format(id, Some(&arguments))
    }

    /// What a reason code means to the person: `image_blurred` is the message `reason-image-blurred`.
    #[must_use]
    pub fn reason(&self, code: &str) -> String {
        self.get(&format!("reason-{}", code.replace('_', "-")))
    }

    fn format(&self, id: &str, arguments: Option<&FluentArgs>) -> String {
        for bundle in [self.0.bundle(), Language::English.bundle()] {
            if let Some(pattern) = bundle.get_message(id).and_then(|message| message.value()) {
                // A missing variable shows as its name; there is nobody to tell at this point.
                let mut errors = Vec::new();
                return bundle.format_pattern(pattern, arguments, &mut errors).into_owned();
            }
        }
        id.to_owned()
    }
}

/// Parses the embedded messages. An entry that does not parse is left out; a test sees to it that none is.
fn bundle(language: Language) -> FluentBundle<FluentResource> {
    let mut bundle = FluentBundle::new_concurrent(vec![language.id()]);
    // Isolation marks are invisible in HTML, but end up in copied codes and phone numbers.
    bundle.set_use_isolating(false);
    let resource = match FluentResource::try_new(language.messages().to_owned()) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    bundle.add_resource_overriding(resource);
    bundle
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::*;

    /// The message ids of a file, each with the variables it names.
    fn shape(language: Language) -> BTreeMap<String, BTreeSet<String>> {
        let mut shape = BTreeMap::<_, BTreeSet<_>>::new();
        let mut id = String::new();
        for line in language.messages().lines().filter(|line| !line.starts_with('#')) {
            if let Some((name, _)) =
                line.split_once(" =").filter(|_| line.starts_with(|c: char| c.is_ascii_lowercase()))
            {
                id = name.to_owned();
                assert!(shape.insert(id.clone(), BTreeSet::new()).is_none(), "{id} stands twice in {language:?}");
            }
            for variable in line.split('$').skip(1) {
                let name = variable.split(|c: char| !c.is_ascii_alphanumeric() && c != '_').next().unwrap();
                shape.get_mut(&id).unwrap().insert(name.to_owned());
            }
        }
        shape
    }

    #[test]
    fn every_language_has_the_same_messages_and_variables() {
        let english = shape(Language::English);
        assert!(english.len() > 100);
        for language in Language::ALL {
            assert!(FluentResource::try_new(language.messages().to_owned()).is_ok(), "{language:?} does not parse");
            assert_eq!(shape(language), english, "{language:?}");
        }
    }

    #[test]
    fn every_reason_code_has_a_message() {
        let text = Text::new(Language::German);
        for reason in ipse_core::reason::Reason::ALL {
            assert!(!text.reason(reason.code()).starts_with("reason-"), "{reason}");
        }
    }

    #[test]
    fn every_tag_parses() {
        assert!(Language::ALL.into_iter().all(|language| language.id() == language.tag()));
    }

    #[test]
    fn plural_forms_follow_the_number() {
        let text = Text::new(Language::English);
        assert_eq!(text.count("duration-hours", 1), "1 hour");
        assert_eq!(text.count("duration-hours", 24), "24 hours");
        assert_eq!(Text::new(Language::Japanese).count("duration-hours", 24), "24時間");
    }

    #[test]
    fn the_choice_comes_before_the_browser_and_english_comes_last() {
        assert_eq!(negotiate(Some("de"), Some("fr")), Language::German);
        assert_eq!(negotiate(Some("xx"), Some("fr-CA, en;q=0.8")), Language::French);
        assert_eq!(negotiate(None, Some("nl, en;q=0.5, ja;q=0.9")), Language::Japanese);
        assert_eq!(negotiate(None, Some("de;q=0, *")), Language::English);
        assert_eq!(negotiate(None, None), Language::English);
    }

    #[test]
    fn a_text_can_be_shared_between_threads() {
        fn shared<T: Send + Sync>() {}
        shared::<Text>();
    }
}
