//! What JPEG does to the grey levels: blocks of eight, cosine transform, coarse steps, and back. No bits are written.

#![allow(clippy::indexing_slicing, reason = "fixed 8 × 8 blocks; a development tool, not the product")]

/// cos(kπ/16) for k in 0..8, written out so that no library rounds it differently.
#[allow(clippy::approx_constant, reason = "the library's constant is another f32, and would train other weights")]
const COSINES: [f32; 9] =
    [1.0, 0.980_785_3, 0.923_879_5, 0.831_469_6, 0.707_106_8, 0.555_570_2, 0.382_683_4, 0.195_090_3, 0.0];

/// The luminance steps of ITU-T T.81, table K.1.
const STEPS: [u32; 64] = [
    16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51,
    87, 80, 62, 18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101,
    72, 92, 95, 98, 112, 100, 103, 99,
];

/// cos(kπ/16) for any k.
fn cosine(k: usize) -> f32 {
    let k = k % 32;
    let k = if k > 16 { 32 - k } else { k };
    if k > 8 { -COSINES[16 - k] } else { COSINES[k] }
}

/// Quantises whole blocks of `data` (rows of `width`) as an encoder of the given quality (1–100) would.
pub fn degrade(data: &mut [f32], width: usize, quality: u32) {
    let scale = if quality < 50 { 5000 / quality } else { 200 - 2 * quality };
    let mut basis = [0.0_f32; 64];
    for u in 0..8 {
        for x in 0..8 {
            basis[u * 8 + x] = cosine((2 * x + 1) * u) * if u == 0 { 0.353_553_4 } else { 0.5 };
        }
    }
    let height = data.len() / width;
    for top in (0..height / 8).map(|y| y * 8) {
        for left in (0..width / 8).map(|x| x * 8) {
            let mut block = [0.0_f32; 64];
            for y in 0..8 {
                for x in 0..8 {
                    block[y * 8 + x] = data[(top + y) * width + left + x] - 128.0;
                }
            }
            let mut spectrum = transform(&block, &basis, false);
            for (value, step) in spectrum.iter_mut().zip(STEPS) {
                let step = ((step * scale + 50) / 100).clamp(1, 255) as f32;
                *value = (*value / step).round() * step;
            }
            let block = transform(&spectrum, &basis, true);
            for y in 0..8 {
                for x in 0..8 {
                    data[(top + y) * width + left + x] = (block[y * 8 + x] + 128.0).clamp(0.0, 255.0);
                }
            }
        }
    }
}

fn transform(block: &[f32; 64], basis: &[f32; 64], inverse: bool) -> [f32; 64] {
    let factor = |u: usize, x: usize| if inverse { basis[x * 8 + u] } else { basis[u * 8 + x] };
    let mut half = [0.0_f32; 64];
    for y in 0..8 {
        for u in 0..8 {
            half[y * 8 + u] = (0..8).map(|x| block[y * 8 + x] * factor(u, x)).sum();
        }
    }
    let mut whole = [0.0_f32; 64];
    for v in 0..8 {
        for u in 0..8 {
            whole[v * 8 + u] = (0..8).map(|y| half[y * 8 + u] * factor(v, y)).sum();
        }
    }
    whole
}
