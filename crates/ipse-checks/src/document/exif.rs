//! The one EXIF tag that matters here: which way up the camera was held. And the turning itself.
//!
//! A reader of our own, because a full EXIF parser is a large surface on hostile bytes for the sake of one number
//! between 1 and 8.

const ORIENTATION: u16 = 0x0112;

/// Orientation (1–8) from an EXIF block, with or without its `Exif\0\0` prefix; `None` when absent or out of range.
#[must_use]
pub fn orientation(exif: &[u8]) -> Option<u8> {
    let tiff = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    let little = match tiff.get(..2)? {
        b"II" => true,
        b"MM" => false,
        _ => return None,
    };
    let short = |at: usize| -> Option<u16> {
        let bytes = *tiff.get(at..)?.first_chunk::<2>()?;
        Some(if little { u16::from_le_bytes(bytes) } else { u16::from_be_bytes(bytes) })
    };
    let long = |at: usize| -> Option<u32> {
        let bytes = *tiff.get(at..)?.first_chunk::<4>()?;
        Some(if little { u32::from_le_bytes(bytes) } else { u32::from_be_bytes(bytes) })
    };
    let directory = long(4)? as usize;
    let entries = usize::from(short(directory)?);
    (0..entries).map_while(|entry| directory.checked_add(2 + entry * 12)).find_map(|at| {
        let value = (short(at)? == ORIENTATION).then(|| short(at.checked_add(8)?)).flatten()?;
        u8::try_from(value).ok().filter(|v| (1..=8).contains(v))
    })
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
