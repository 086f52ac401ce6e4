//! Trains the network that reads single lines of the machine readable zone, and writes `model.bin`.
//!
//! `cargo run --release -p xtask -- gen mrz-model`. The data are drawn on the spot: OCR-B from `fixtures/fonts`, then
//! everything a telephone and a laminated page do to it. No photograph and nobody's document is involved. One thread,
//! fixed seed, no library mathematics: the same source gives the same bytes.

mod jpeg;
mod net;
mod rng;
mod strips;

use std::{fs, io};

use ipse_checks::document::mrz::strip::{CLASSES, HEIGHT};
use net::{Convolution, Tensor, pool, pool_backward, relu, relu_backward};
use rng::Rng;
use strips::{Artist, Strip};

/// What the standard demands first; then what some issuers print instead.
const FONTS: [&str; 4] = ["OCRB.otf", "OCRA.ttf", "OpenSans-Regular.ttf", "OpenSans-Semibold.ttf"];
const MODEL: &str = "crates/ipse-checks/src/document/mrz/model.bin";
const SEED: u64 = 9303;
const STEPS: usize = 26_000;
const BATCH: usize = 4;
const RATE: f32 = 2.5e-3;
const DECAY: f32 = 1e-2;

struct Network {
    layers: [Convolution; 5],
}

/// Activations kept for the way back.
struct Trace {
    input: Tensor,
    c1: Tensor,
    p1: Tensor,
    c2: Tensor,
    p2: Tensor,
    c3: Tensor,
    p3: Tensor,
    c4: Tensor,
    logits: Tensor,
}

impl Network {
    fn new(rng: &mut Rng) -> Self {
        Self {
            layers: [
                Convolution::new(1, 12, 3, 3, true, rng),
                Convolution::new(12, 24, 3, 3, true, rng),
                Convolution::new(24, 48, 3, 3, true, rng),
                Convolution::new(48, 64, 3, 5, false, rng),
                Convolution::new(64, CLASSES, 1, 1, true, rng),
            ],
        }
    }

    fn forward(&self, input: Tensor) -> Trace {
        let [l1, l2, l3, l4, l5] = &self.layers;
        let rectified = |layer: &Convolution, x: &Tensor| {
            let mut out = layer.forward(x);
            relu(&mut out);
            out
        };
        let c1 = rectified(l1, &input);
        let p1 = pool(&c1, 2);
        let c2 = rectified(l2, &p1);
        let p2 = pool(&c2, 2);
        let c3 = rectified(l3, &p2);
        let p3 = pool(&c3, 1);
        let c4 = rectified(l4, &p3);
        let logits = l5.forward(&c4);
        Trace { input, c1, p1, c2, p2, c3, p3, c4, logits }
    }

    fn backward(&mut self, t: &Trace, slope: &Tensor) {
        let [l1, l2, l3, l4, l5] = &mut self.layers;
        let mut s = l5.backward(&t.c4, slope, true);
        relu_backward(&t.c4, &mut s);
        let s = l4.backward(&t.p3, &s, true);
        let mut s = pool_backward(&t.c3, &t.p3, &s, 1);
        relu_backward(&t.c3, &mut s);
        let s = l3.backward(&t.p2, &s, true);
        let mut s = pool_backward(&t.c2, &t.p2, &s, 2);
        relu_backward(&t.c2, &mut s);
        let s = l2.backward(&t.p1, &s, true);
        let mut s = pool_backward(&t.c1, &t.p1, &s, 2);
        relu_backward(&t.c1, &mut s);
        l1.backward(&t.input, &s, false);
    }

    /// Five layers, each: one `f32` scale, the weights as `i16` in units of the scale, then the biases as `f32`; all
    /// little-endian.
    fn bytes(&self) -> Vec<u8> {
        let mut out = b"IPMRZ1\0\0".to_vec();
        for layer in &self.layers {
            let largest = layer.weights.value.iter().fold(1e-9_f32, |m, w| m.max(w.abs()));
            let scale = largest / 32_767.0;
            out.extend(scale.to_le_bytes());
            for weight in &layer.weights.value {
                out.extend(((weight / scale).round() as i16).to_le_bytes());
            }
            for bias in &layer.biases.value {
                out.extend(bias.to_le_bytes());
            }
        }
        out
    }
}

/// eˣ for x ≤ 0 from arithmetic alone; relative error below 1e-5.
fn exp(x: f32) -> f32 {
    let y = (x * std::f32::consts::LOG2_E).max(-120.0);
    let whole = y.floor();
    let f = y - whole;
    let fraction = 1.0 + f * (0.693_146 + f * (0.240_227 + f * (0.055_505 + f * (0.009_68 + f * 0.001_44))));
    f32::from_bits((((whole as i32) + 127) as u32) << 23) * fraction
}

/// Cross-entropy's slope at every labelled position; counts (labelled, right) for the log.
fn slope_of(logits: &Tensor, labels: &[Option<usize>], share: f32, score: &mut (usize, usize)) -> Tensor {
    let mut slope = Tensor::zeros(logits.channels, 1, logits.width);
    for (x, label) in labels.iter().enumerate() {
        let Some(label) = *label else { continue };
        let column: Vec<f32> = (0..CLASSES).filter_map(|c| logits.row(c, 0).get(x).copied()).collect();
        let largest = column.iter().copied().fold(f32::MIN, f32::max);
        let weights: Vec<f32> = column.iter().map(|v| exp(v - largest)).collect();
        let total: f32 = weights.iter().sum();
        score.0 += 1;
        score.1 += usize::from(column.get(label).is_some_and(|v| *v >= largest));
        for (c, weight) in weights.iter().enumerate() {
            if let Some(s) = slope.row_mut(c, 0).get_mut(x) {
                *s = (weight / total - f32::from(u8::from(c == label))) * share;
            }
        }
    }
    slope
}

fn tensor_of(strip: &Strip) -> Tensor {
    let width = strip.pixels.len() / HEIGHT;
    let mut tensor = Tensor::zeros(1, HEIGHT, width);
    for (y, row) in strip.pixels.chunks_exact(width).enumerate() {
        tensor.row_mut(0, y).copy_from_slice(row);
    }
    tensor
}

/// # Errors
/// When the font cannot be read or the model cannot be written.
pub fn run(steps: Option<usize>) -> io::Result<()> {
    let steps = steps.unwrap_or(STEPS);
    let fonts = FONTS.iter().map(|name| fs::read(format!("fixtures/fonts/{name}"))).collect::<io::Result<_>>()?;
    let artist = Artist::new(fonts).ok_or_else(|| io::Error::other("a font does not parse"))?;
    let mut rng = Rng::new(SEED);
    let mut network = Network::new(&mut rng);
    let (mut first, mut second) = (1.0_f32, 1.0_f32);
    let mut score = (0, 0);
    for step in 0..steps {
        for _ in 0..BATCH {
            let strip = artist.draw(&mut rng);
            let labelled = strip.labels.iter().flatten().count().max(1);
            let trace = network.forward(tensor_of(&strip));
            let slope = slope_of(&trace.logits, &strip.labels, 1.0 / (labelled * BATCH) as f32, &mut score);
            network.backward(&trace, &slope);
        }
        first *= 0.9;
        second *= 0.998;
        let progress = step as f32 / steps as f32;
        let rate = RATE * (step as f32 / 100.0).min(1.0) * (1.0 - progress) * (1.0 - 0.5 * progress);
        for layer in &mut network.layers {
            let correction = (1.0 / (1.0 - first), 1.0 / (1.0 - second));
            layer.weights.step(rate, DECAY, correction);
            layer.biases.step(rate, 0.0, correction);
        }
        if step % 200 == 199 || step + 1 == steps {
            println!("{:>6} of {steps}: {:.2} % of positions right", step + 1, 100.0 * score.1 as f32 / score.0 as f32);
            score = (0, 0);
        }
    }
    fs::write(MODEL, network.bytes())
}
