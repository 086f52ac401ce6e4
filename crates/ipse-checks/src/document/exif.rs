//! The few EXIF tags that matter here: which way up the camera was held, and who made the file. And the turning itself.
//!
//! A reader of our own, because a full EXIF parser is a large surface on hostile bytes for the sake of a handful of
//! values. Work is bounded by the number of entries a directory can announce (65,535); nothing is followed but the one
//! pointer to the camera's own directory.

const ORIENTATION: u16 = 0x0112;
const MAKE: u16 = 0x010F;
const MODEL: u16 = 0x0110;
const SOFTWARE: u16 = 0x0131;
const PROCESSING_SOFTWARE: u16 = 0x000B;
const EXIF_DIRECTORY: u16 = 0x8769;
const USER_COMMENT: u16 = 0x9286;
/// Longest text that is looked at, in bytes.
const TEXT: usize = 256;

/// Orientation (1–8) from an EXIF block, with or without its `Exif\0\0` prefix; `None` when absent or out of range.
#[must_use]
pub fn orientation(exif: &[u8]) -> Option<u8> {
    let tiff = Tiff::open(exif)?;
    tiff.entries(tiff.long(4)? as usize).find_map(|at| {
        let value = (tiff.short(at)? == ORIENTATION).then(|| tiff.short(at.checked_add(8)?)).flatten()?;
        u8::try_from(value).ok().filter(|v| (1..=8).contains(v))
    })
}

/// What an EXIF block says of the file's making.
#[derive(Default)]
pub struct Making<'a> {
    /// It names the camera's maker or model.
    pub camera: bool,
    /// The programs that wrote the file.
    pub software: Vec<&'a [u8]>,
    /// The comment, which some systems use to mark a picture of their own screen.
    pub comment: &'a [u8],
}

/// Who made the file, by its EXIF block; nothing where there is no readable one.
#[must_use]
pub fn making(exif: &[u8]) -> Making<'_> {
    let mut making = Making::default();
    let Some(tiff) = Tiff::open(exif) else { return making };
    let Some(first) = tiff.long(4) else { return making };
    let mut own = None;
    for at in tiff.entries(first as usize) {
        match tiff.short(at) {
            Some(MAKE | MODEL) => making.camera |= tiff.text(at).is_some_and(|text| !text.trim_ascii().is_empty()),
            Some(SOFTWARE | PROCESSING_SOFTWARE) if making.software.len() < 4 => making.software.extend(tiff.text(at)),
            Some(EXIF_DIRECTORY) => own = own.or(at.checked_add(8).and_then(|value| tiff.long(value))),
            _ => {}
        }
    }
    if let Some(own) = own {
        let mut entries = tiff.entries(own as usize);
        let comment = entries.find(|at| tiff.short(*at) == Some(USER_COMMENT));
        making.comment = comment.and_then(|at| tiff.text(at)).unwrap_or_default();
    }
    making
}

/// A block with its byte order.
#[derive(Clone, Copy)]
struct Tiff<'a> {
    bytes: &'a [u8],
    little: bool,
}

impl<'a> Tiff<'a> {
    fn open(exif: &'a [u8]) -> Option<Self> {
        let bytes = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
        let little = match bytes.get(..2)? {
            b"II" => true,
            b"MM" => false,
            _ => return None,
        };
        Some(Self { bytes, little })
    }

    fn short(self, at: usize) -> Option<u16> {
        let bytes = *self.bytes.get(at..)?.first_chunk::<2>()?;
        Some(if self.little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    }

    fn long(self, at: usize) -> Option<u32> {
        let bytes = *self.bytes.get(at..)?.first_chunk::<4>()?;
        Some(if self.little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    }

    /// Where the entries of a directory start, as long as they lie in the block.
    fn entries(self, directory: usize) -> impl Iterator<Item = usize> + use<'a> {
        let announced = self.short(directory).map_or(0, usize::from);
        (0..announced)
            .map_while(move |entry| directory.checked_add(2 + entry * 12))
            .take_while(move |at| self.short(*at).is_some())
    }

    /// The bytes of an entry's text: short ones stand in the entry itself, others where it points.
    fn text(self, entry: usize) -> Option<&'a [u8]> {
        let length = self.long(entry.checked_add(4)?)? as usize;
        let value = entry.checked_add(8)?;
        let start = if length <= 4 { value } else { self.long(value)? as usize };
        self.bytes.get(start..start.checked_add(length.min(TEXT))?)
    }
}

/// Pixels after turning.
pub struct Upright {
    pub width: usize,
    pub height: usize,
    pub data: Vec<u8>,
}

/// Undoes an EXIF orientation on pixels of `channels` bytes.
#[must_use]
pub fn upright(data: Vec<u8>, width: usize, height: usize, channels: usize, orientation: u8) -> Upright {
    if !(2..=8).contains(&orientation) {
        return Upright { width, height, data };
    }
    let (out_width, out_height) = if orientation >= 5 { (height, width) } else { (width, height) };
    // Where an upright pixel is taken from: a start and one stride for each direction.
    let (w, h) = (width as isize, height as isize);
    let (start, along, down) = match orientation {
        2 => (w - 1, -1, w),
        3 => (w * h - 1, -1, -w),
        4 => (w * (h - 1), 1, -w),
        5 => (0, w, 1),
        6 => (w * (h - 1), -w, 1),
        7 => (w * h - 1, -w, -1),
        _ => (w - 1, w, -1),
    };
    let mut out = Vec::with_capacity(data.len());
    for y in 0..out_height as isize {
        let mut at = start + y * down;
        for _ in 0..out_width {
            let first = (at as usize).saturating_mul(channels);
            out.extend_from_slice(data.get(first..first + channels).unwrap_or_default());
            at += along;
        }
    }
    Upright { width: out_width, height: out_height, data: out }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn block(little: bool, value: u16) -> Vec<u8> {
        let mut bytes = b"Exif\0\0".to_vec();
        let s = |v: u16| if little { v.to_le_bytes() } else { v.to_be_bytes() };
        let l = |v: u32| if little { v.to_le_bytes() } else { v.to_be_bytes() };
        bytes.extend(if little { b"II" } else { b"MM" });
        bytes.extend(s(42));
        bytes.extend(l(8));
        bytes.extend(s(1));
        bytes.extend(s(ORIENTATION));
        bytes.extend(s(3));
        bytes.extend(l(1));
        bytes.extend(s(value));
        bytes.extend([0, 0]);
        bytes
    }

    #[test]
    fn reads_both_byte_orders_and_only_valid_values() {
        for value in 1..=8 {
            assert_eq!(orientation(&block(true, value)), Some(value as u8));
            assert_eq!(orientation(&block(false, value)), Some(value as u8));
        }
        assert_eq!(orientation(&block(true, 9)), None);
        assert_eq!(orientation(&block(true, 0)), None);
    }

    #[test]
    fn no_prefix_of_a_block_upsets_it() {
        let whole = block(true, 6);
        for end in 0..whole.len() - 3 {
            assert_eq!(orientation(&whole[..end]), None, "{end}");
        }
        assert_eq!(orientation(b"II*\0\xff\xff\xff\xff"), None);
    }

    #[test]
    fn every_orientation_is_undone() {
        // "F" in 2 × 3: its upright form, and what a camera stores for each tag.
        let upright_f = vec![1, 2, 3, 0, 4, 0];
        let stored: [(u8, usize, usize, [u8; 6]); 8] = [
            (1, 2, 3, [1, 2, 3, 0, 4, 0]),
            (2, 2, 3, [2, 1, 0, 3, 0, 4]),
            (3, 2, 3, [0, 4, 0, 3, 2, 1]),
            (4, 2, 3, [4, 0, 3, 0, 1, 2]),
            (5, 3, 2, [1, 3, 4, 2, 0, 0]),
            (6, 3, 2, [2, 0, 0, 1, 3, 4]),
            (7, 3, 2, [0, 0, 2, 4, 3, 1]),
            (8, 3, 2, [4, 3, 1, 0, 0, 2]),
        ];
        for (tag, width, height, data) in stored {
            let out = upright(data.to_vec(), width, height, 1, tag);
            assert_eq!((out.width, out.height, out.data), (2, 3, upright_f.clone()), "orientation {tag}");
        }
    }
}
