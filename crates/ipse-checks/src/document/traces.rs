//! What a file says of its making, without a pixel being decoded: who wrote it, and whether it is a picture of a screen.
//!
//! Everything here can be removed by whoever wants to, so its absence proves nothing. What is kept is yes or no, never
//! the text itself, which may name a person.

use super::exif;

/// Most of a file's metadata that is looked at, in bytes and in blocks: more than any camera writes.
const MOST: usize = 256 << 10;
const BLOCKS: usize = 400;
/// Programs named in XMP that are looked at, of each kind; a history of changes may name one for each.
const AGENTS: usize = 256;
/// Longest name of a program in XMP, in bytes.
const NAME: usize = 120;

/// Programs made for changing what a picture shows. What only develops, turns or sends pictures is not among them.
const EDITORS: &[&str] = &[
    "photoshop",
    "imageready",
    "gimp",
    "affinity photo",
    "affinity designer",
    "pixelmator",
    "paint.net",
    "paintshop",
    "paint shop",
    "corel",
    "canva",
    "picsart",
    "photopea",
    "krita",
    "inkscape",
    "snapseed",
    "facetune",
    "faceapp",
    "figma",
    "fotor",
    "pixlr",
    "photoscape",
    "meitu",
    "illustrator",
    "indesign",
];
/// Programs that make pictures of nothing.
const GENERATORS: &[&str] = &[
    "midjourney",
    "stable diffusion",
    "stable-diffusion",
    "stability ai",
    "dall-e",
    "dall·e",
    "firefly",
    "novelai",
    "comfyui",
    "invokeai",
    "openai",
    "gpt-image",
    "chatgpt",
    "automatic1111",
    "leonardo.ai",
    "ideogram",
];
/// Keywords under which generators of PNG files keep what they were asked for.
const PROMPTS: &[&[u8]] = &[b"parameters", b"prompt", b"workflow", b"Dream", b"sd-metadata", b"invokeai_metadata"];
/// IPTC digital source types (newscodes) of a picture that a model made, wholly or in part.
const MODEL_MADE: [&[u8]; 2] = [b"trainedalgorithmicmedia", b"compositesynthetic"];
/// The one of a picture of a screen.
const SCREEN_TAKEN: &[u8] = b"digitalsourcetype/screencapture";

/// Screens of telephones, tablets and portable computers, longer side first, in pixels. Sizes that cameras use too
/// (such as 1920 × 1080 and 3840 × 2160, the frames of a browser's camera) cannot be told from theirs and are left out.
const SCREENS: &[(u32, u32)] = &[
    (1334, 750),
    (1792, 828),
    (2436, 1125),
    (2532, 1170),
    (2556, 1179),
    (2622, 1206),
    (2688, 1242),
    (2778, 1284),
    (2796, 1290),
    (2868, 1320),
    (2340, 1080),
    (2400, 1080),
    (2408, 1080),
    (2412, 1080),
    (2460, 1080),
    (2856, 1280),
    (2992, 1344),
    (3088, 1440),
    (3120, 1440),
    (3200, 1440),
    (2224, 1668),
    (2360, 1640),
    (2388, 1668),
    (2732, 2048),
    (1366, 768),
    (1440, 900),
    (1680, 1050),
    (2560, 1600),
    (2560, 1664),
    (2880, 1800),
    (2880, 1864),
    (3024, 1964),
    (3456, 2234),
];

/// What the file says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Traces {
    /// It names a camera.
    pub camera: bool,
    /// It names a program for editing pictures.
    pub editor: bool,
    /// It names a program or says of itself that a model made it.
    pub generated: bool,
    /// It carries content credentials (C2PA). Newer cameras add them, editors too: no reason for doubt.
    pub credentials: bool,
    /// It says that it is a picture of a screen, or has a screen's size and names no camera.
    pub screenshot: bool,
}

/// Reads the traces of a JPEG, PNG or WebP file whose picture has such a size in pixels, either way up. Bytes that are
/// none of these, or contradict themselves, leave none.
#[must_use]
pub fn traces(bytes: &[u8], width: u32, height: u32) -> Traces {
    let mut traces = Traces::default();
    let mut left = MOST;
    let mut look = |block: Block, data: &[u8]| {
        let data = data.get(..data.len().min(left)).unwrap_or_default();
        left -= data.len();
        traces.add(block, data);
        left > 0
    };
    if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
        jpeg(bytes, &mut look);
    } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        png(bytes, &mut look);
    } else if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        webp(bytes, &mut look);
    }
    traces.screenshot |= !traces.camera && SCREENS.contains(&(width.max(height), width.min(height)));
    traces
}

#[derive(Clone, Copy)]
enum Block {
    Exif,
    Xmp,
    /// A PNG text chunk: keyword, zero, text.
    Text,
    /// Boxes of content credentials.
    Credentials,
}

impl Traces {
    fn add(&mut self, block: Block, data: &[u8]) {
        match block {
            Block::Exif => {
                let making = exif::making(data);
                self.camera |= making.camera;
                making.software.iter().for_each(|name| self.program(name));
                self.screenshot |= contains(&making.comment.to_ascii_lowercase(), b"screenshot");
            }
            Block::Xmp => {
                let text = data.to_ascii_lowercase();
                self.source_type(&text);
                for key in [&b"creatortool"[..], b"softwareagent"] {
                    values(&text, key).take(AGENTS).for_each(|value| self.program(value));
                }
            }
            Block::Text => {
                let mut parts = data.splitn(2, |byte| *byte == 0);
                let (key, text) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
                self.generated |= PROMPTS.contains(&key);
                if key.eq_ignore_ascii_case(b"software") {
                    self.program(text);
                } else if key == b"XML:com.adobe.xmp" {
                    self.add(Block::Xmp, text);
                }
            }
            Block::Credentials => {
                self.credentials = true;
                self.source_type(&data.to_ascii_lowercase());
            }
        }
    }

    fn program(&mut self, name: &[u8]) {
        let name = name.get(..name.len().min(NAME)).unwrap_or_default().to_ascii_lowercase();
        let among = |names: &[&str]| names.iter().any(|known| contains(&name, known.as_bytes()));
        self.generated |= among(GENERATORS);
        // Its developer of raw photographs has the maker's name for editors in its own on some systems.
        self.editor |= among(EDITORS) && !contains(&name, b"lightroom");
    }

    fn source_type(&mut self, lowercase: &[u8]) {
        self.generated |= MODEL_MADE.iter().any(|kind| contains(lowercase, kind));
        self.screenshot |= contains(lowercase, SCREEN_TAKEN);
    }
}

fn contains(text: &[u8], part: &[u8]) -> bool {
    text.windows(part.len()).any(|window| window == part)
}

/// What stands behind each `key`, as an attribute (`key="…"`) or an element (`<key>…<`).
fn values<'a>(text: &'a [u8], key: &'a [u8]) -> impl Iterator<Item = &'a [u8]> {
    let starts = text.windows(key.len()).enumerate().filter(move |(_, window)| *window == key);
    starts.filter_map(move |(at, _)| {
        let rest = text.get(at + key.len()..)?;
        let value =
            rest.strip_prefix(b"=\"").or_else(|| rest.strip_prefix(b"='")).or_else(|| rest.strip_prefix(b">"))?;
        let value = value.get(..value.len().min(NAME)).unwrap_or_default();
        value.split(|byte| matches!(byte, b'"' | b'\'' | b'<')).next()
    })
}

/// The application segments before the first scan. `look` says whether to go on.
fn jpeg(bytes: &[u8], look: &mut dyn FnMut(Block, &[u8]) -> bool) {
    let mut rest = bytes.get(2..).unwrap_or_default();
    for _ in 0..BLOCKS {
        let &[0xFF, marker, high, low, ..] = rest else { return };
        let length = usize::from(u16::from_be_bytes([high, low]));
        let Some(data) = rest.get(4..2 + length) else { return };
        let block = match marker {
            0xE1 if data.starts_with(b"Exif\0\0") => Some((Block::Exif, data)),
            0xE1 => data.strip_prefix(b"http://ns.adobe.com/xap/1.0/\0").map(|xmp| (Block::Xmp, xmp)),
            // JUMBF in APP11 (ISO 19566-5 annex D): "JP", instance, sequence, then the box.
            0xEB if data.starts_with(b"JP") && data.get(12..16) == Some(b"jumb") => Some((Block::Credentials, data)),
            0xDA | 0xD9 => return,
            _ => None,
        };
        if block.is_some_and(|(block, data)| !look(block, data)) {
            return;
        }
        rest = rest.get(2 + length..).unwrap_or_default();
    }
}

/// Chunks of a PNG; compressed text is left alone.
fn png(bytes: &[u8], look: &mut dyn FnMut(Block, &[u8]) -> bool) {
    let mut rest = bytes.get(8..).unwrap_or_default();
    for _ in 0..BLOCKS {
        let Some((length, tail)) = rest.split_first_chunk::<4>() else { return };
        let Some((kind, tail)) = tail.split_first_chunk::<4>() else { return };
        let length = u32::from_be_bytes(*length) as usize;
        let Some(data) = tail.get(..length) else { return };
        let block = match kind {
            b"eXIf" => Some((Block::Exif, data)),
            b"tEXt" | b"iTXt" => Some((Block::Text, data)),
            b"caBX" => Some((Block::Credentials, data)),
            _ => None,
        };
        if block.is_some_and(|(block, data)| !look(block, data)) {
            return;
        }
        rest = tail.get(length + 4..).unwrap_or_default();
    }
}

/// Chunks of a WebP, each of even length.
fn webp(bytes: &[u8], look: &mut dyn FnMut(Block, &[u8]) -> bool) {
    let mut rest = bytes.get(12..).unwrap_or_default();
    for _ in 0..BLOCKS {
        let Some((kind, tail)) = rest.split_first_chunk::<4>() else { return };
        let Some((length, tail)) = tail.split_first_chunk::<4>() else { return };
        let length = u32::from_le_bytes(*length) as usize;
        let Some(data) = tail.get(..length) else { return };
        let block = match kind {
            b"EXIF" => Some((Block::Exif, data)),
            b"XMP " => Some((Block::Xmp, data)),
            b"C2PA" => Some((Block::Credentials, data)),
            _ => None,
        };
        if block.is_some_and(|(block, data)| !look(block, data)) {
            return;
        }
        rest = tail.get(length + length % 2..).unwrap_or_default();
    }
}
