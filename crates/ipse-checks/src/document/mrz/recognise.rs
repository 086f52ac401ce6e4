//! Reads strips: our own small convolutional network, in plain safe loops.
//!
//! The network runs over a whole strip at once and says, every [`STEP`] pixels, which character is centred there, or
//! that none is. Its weights are made by `cargo xtask gen mrz-model` from drawn OCR-B; nothing was learnt from
//! anybody's document.

#![allow(
    clippy::indexing_slicing,
    reason = "hot numeric loops; every index is bounded by the shapes fixed a few lines above"
)]

use super::strip::{CLASSES, HEIGHT, STEP};

static MODEL: &[u8] = include_bytes!("model.bin");

const MAGIC: &[u8; 8] = b"IPMRZ1\0\0";
/// Zeros kept at both ends of every row, so that a convolution never asks whether it is at an edge.
const PAD: usize = 2;
/// One layer's measures.
#[derive(Clone, Copy)]
struct Shape {
    inputs: usize,
    outputs: usize,
    /// Rows and columns of the kernel.
    kernel: (usize, usize),
    /// Zero rows above and below.
    above: usize,
    /// Rows and columns of which only the largest goes on.
    pool: (usize, usize),
}

const SHAPES: [Shape; 5] = [
    Shape { inputs: 1, outputs: 12, kernel: (3, 3), above: 1, pool: (2, 2) },
    Shape { inputs: 12, outputs: 24, kernel: (3, 3), above: 1, pool: (2, 2) },
    Shape { inputs: 24, outputs: 48, kernel: (3, 3), above: 1, pool: (2, 1) },
    Shape { inputs: 48, outputs: 64, kernel: (3, 5), above: 0, pool: (1, 1) },
    Shape { inputs: 64, outputs: CLASSES, kernel: (1, 1), above: 0, pool: (1, 1) },
];

struct Layer {
    weights: Vec<f32>,
    biases: Vec<f32>,
}

/// The network with its weights unpacked.
pub struct Network {
    layers: Vec<Layer>,
}

/// Logarithms of the probabilities of every class at one position of a strip.
pub type Column = [f32; CLASSES];

struct Planes {
    channels: usize,
    height: usize,
    width: usize,
    data: Vec<f32>,
}

impl Planes {
    fn zeros(channels: usize, height: usize, width: usize) -> Self {
        Self { channels, height, width, data: vec![0.0; channels * height * (width + 2 * PAD)] }
    }

    fn padded(&self, channel: usize, y: usize) -> &[f32] {
        let stride = self.width + 2 * PAD;
        let start = (channel * self.height + y) * stride;
        &self.data[start..start + stride]
    }

    fn row_mut(&mut self, channel: usize, y: usize) -> &mut [f32] {
        let stride = self.width + 2 * PAD;
        let start = (channel * self.height + y) * stride + PAD;
        &mut self.data[start..start + self.width]
    }
}

impl Network {
    /// Unpacks the embedded weights; `None` only if the file in the tree is not the one this source describes.
    #[must_use]
    pub fn embedded() -> Option<Self> {
        Self::parse(MODEL)
    }

    fn parse(bytes: &[u8]) -> Option<Self> {
        let mut rest = bytes.strip_prefix(MAGIC)?;
        let mut take = |count: usize| -> Option<&[u8]> {
            let (head, tail) = rest.split_at_checked(count)?;
            rest = tail;
            Some(head)
        };
        let float = |bytes: &[u8]| bytes.first_chunk::<4>().map(|b| f32::from_le_bytes(*b));
        let mut layers = Vec::with_capacity(SHAPES.len());
        for Shape { inputs, outputs, kernel: (rows, columns), .. } in SHAPES {
            let scale = float(take(4)?)?;
            let packed = take(inputs * outputs * rows * columns * 2)?;
            let weights = packed.chunks_exact(2).map(|b| f32::from(i16::from_le_bytes([b[0], b[1]])) * scale).collect();
            let biases = take(outputs * 4)?.chunks_exact(4).filter_map(float).collect();
            layers.push(Layer { weights, biases });
        }
        rest.is_empty().then_some(Self { layers })
    }

    /// Log-probabilities along a normalised strip (`HEIGHT` rows); one column for every [`STEP`] pixels.
    #[must_use]
    pub fn read(&self, strip: &[f32]) -> Vec<Column> {
        let width = strip.len() / HEIGHT / STEP * STEP;
        if width == 0 {
            return Vec::new();
        }
        let mut planes = Planes::zeros(1, HEIGHT, width);
        for (y, row) in strip.chunks_exact(strip.len() / HEIGHT).take(HEIGHT).enumerate() {
            planes.row_mut(0, y).copy_from_slice(&row[..width]);
        }
        let last = SHAPES.len() - 1;
        for (index, (layer, shape)) in self.layers.iter().zip(SHAPES).enumerate() {
            planes = convolve(&planes, layer, shape, index != last);
        }
        (0..planes.width)
            .map(|x| {
                let mut column = [0.0; CLASSES];
                for (class, value) in column.iter_mut().enumerate() {
                    *value = planes.padded(class, 0)[PAD + x];
                }
                let largest = column.iter().copied().fold(f32::MIN, f32::max);
                let total: f32 = column.iter().map(|v| (v - largest).exp()).sum();
                let shift = largest + total.ln();
                for value in &mut column {
                    *value -= shift;
                }
                column
            })
            .collect()
    }
}

/// Convolution, rectification (unless this is the last layer) and pooling; one output row is finished before the next
/// is begun, so that it stays in the cache.
fn convolve(input: &Planes, layer: &Layer, shape: Shape, rectify: bool) -> Planes {
    let Shape { inputs, outputs, kernel: (rows, columns), above, pool: (pool_rows, pool_columns) } = shape;
    let height = input.height + 2 * above + 1 - rows;
    let mut out = Planes::zeros(outputs, height / pool_rows, input.width / pool_columns);
    let mut band = vec![vec![0.0_f32; input.width]; pool_rows];
    for o in 0..outputs {
        for y in 0..height / pool_rows {
            for (r, row) in band.iter_mut().enumerate() {
                row.fill(layer.biases[o]);
                for i in 0..inputs.min(input.channels) {
                    let first = (o * inputs + i) * rows * columns;
                    if let Some(top) = (y * pool_rows + r).checked_sub(above).filter(|top| top + rows <= input.height)
                        && rows == 3
                    {
                        let sources = [0, 1, 2].map(|k| input.padded(i, top + k));
                        accumulate_three(row, sources, &layer.weights[first..first + rows * columns]);
                        continue;
                    }
                    for k in 0..rows {
                        let Some(source) = (y * pool_rows + r + k).checked_sub(above).filter(|s| *s < input.height)
                        else {
                            continue;
                        };
                        let start = first + k * columns;
                        accumulate(row, input.padded(i, source), &layer.weights[start..start + columns]);
                    }
                }
            }
            let target = out.row_mut(o, y);
            let floor = if rectify { 0.0 } else { f32::MIN };
            target.fill(floor);
            for row in &band {
                for (t, values) in target.iter_mut().zip(row.chunks_exact(pool_columns)) {
                    *t = values.iter().copied().fold(*t, f32::max);
                }
            }
        }
    }
    out
}

/// What [`accumulate`] does with each of three rows in turn, to the last bit, in one pass over the output row.
fn accumulate_three(out: &mut [f32], sources: [&[f32]; 3], taps: &[f32]) {
    let count = out.len();
    let [a, b, c] = sources;
    match *taps {
        [a0, a1, a2, b0, b1, b2, c0, c1, c2] => {
            let (a, b, c) = (&a[1..count + 3], &b[1..count + 3], &c[1..count + 3]);
            for x in 0..count {
                let mut sum = out[x];
                sum += a0 * a[x] + a1 * a[x + 1] + a2 * a[x + 2];
                sum += b0 * b[x] + b1 * b[x + 1] + b2 * b[x + 2];
                sum += c0 * c[x] + c1 * c[x + 1] + c2 * c[x + 2];
                out[x] = sum;
            }
        }
        [a0, a1, a2, a3, a4, b0, b1, b2, b3, b4, c0, c1, c2, c3, c4] => {
            let (a, b, c) = (&a[..count + 4], &b[..count + 4], &c[..count + 4]);
            for x in 0..count {
                let mut sum = out[x];
                sum += a0 * a[x] + a1 * a[x + 1] + a2 * a[x + 2] + a3 * a[x + 3] + a4 * a[x + 4];
                sum += b0 * b[x] + b1 * b[x + 1] + b2 * b[x + 2] + b3 * b[x + 3] + b4 * b[x + 4];
                sum += c0 * c[x] + c1 * c[x + 1] + c2 * c[x + 2] + c3 * c[x + 3] + c4 * c[x + 4];
                out[x] = sum;
            }
        }
        _ => {}
    }
}

/// Adds a row under the taps of a kernel's row to an output row.
fn accumulate(out: &mut [f32], input: &[f32], taps: &[f32]) {
    let count = out.len();
    let from = |start: usize| &input[start..start + count];
    match taps {
        [tap] => out.iter_mut().zip(from(PAD)).for_each(|(o, x)| *o += tap * x),
        [left, middle, right] => {
            for (((o, x0), x1), x2) in out.iter_mut().zip(from(1)).zip(from(2)).zip(from(3)) {
                *o += left * x0 + middle * x1 + right * x2;
            }
        }
        [first, left, middle, right, last] => {
            let rows = from(0).iter().zip(from(1)).zip(from(2)).zip(from(3)).zip(from(4));
            for (o, ((((x0, x1), x2), x3), x4)) in out.iter_mut().zip(rows) {
                *o += first * x0 + left * x1 + middle * x2 + right * x3 + last * x4;
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_embedded_weights_fit_the_network() {
        assert!(Network::embedded().is_some());
    }

    #[test]
    fn other_bytes_are_refused() {
        assert!(Network::parse(b"").is_none());
        assert!(Network::parse(&MODEL[..MODEL.len() - 1]).is_none());
        assert!(Network::parse(&[MODEL, b"x"].concat()).is_none());
    }
}
