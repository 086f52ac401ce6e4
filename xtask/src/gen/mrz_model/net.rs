//! The network while it learns: forward and backward passes over whole strips, in plain loops the compiler can
//! vectorise.
//!
//! Rows carry `PAD` zeros on each side, so that a convolution never asks whether it is at an edge. Sums run in a fixed
//! order; nothing here depends on the machine, which is what makes the weights reproducible bit for bit.

#![allow(
    clippy::indexing_slicing,
    reason = "hot numeric loops over buffers sized a few lines above; a development tool, not the product"
)]

use super::rng::Rng;

pub const PAD: usize = 2;

/// Channels × rows × columns, with padded rows.
#[derive(Clone)]
pub struct Tensor {
    pub channels: usize,
    pub height: usize,
    pub width: usize,
    pub data: Vec<f32>,
}

impl Tensor {
    pub fn zeros(channels: usize, height: usize, width: usize) -> Self {
        Self { channels, height, width, data: vec![0.0; channels * height * (width + 2 * PAD)] }
    }

    fn stride(&self) -> usize {
        self.width + 2 * PAD
    }

    pub fn padded(&self, channel: usize, y: usize) -> &[f32] {
        let start = (channel * self.height + y) * self.stride();
        &self.data[start..start + self.stride()]
    }

    pub fn row(&self, channel: usize, y: usize) -> &[f32] {
        &self.padded(channel, y)[PAD..PAD + self.width]
    }

    pub fn row_mut(&mut self, channel: usize, y: usize) -> &mut [f32] {
        let start = (channel * self.height + y) * self.stride() + PAD;
        let width = self.width;
        &mut self.data[start..start + width]
    }
}

/// A parameter with its gradient and Adam's two moments.
pub struct Parameter {
    pub value: Vec<f32>,
    gradient: Vec<f32>,
    first: Vec<f32>,
    second: Vec<f32>,
}

impl Parameter {
    fn new(value: Vec<f32>) -> Self {
        let zeros = vec![0.0; value.len()];
        Self { value, gradient: zeros.clone(), first: zeros.clone(), second: zeros }
    }

    /// One step of Adam with decoupled weight decay; `correction` undoes the moments' start at zero.
    pub fn step(&mut self, rate: f32, decay: f32, correction: (f32, f32)) {
        for (((value, gradient), first), second) in
            self.value.iter_mut().zip(&mut self.gradient).zip(&mut self.first).zip(&mut self.second)
        {
            *first = 0.9 * *first + 0.1 * *gradient;
            *second = 0.998 * *second + 0.002 * *gradient * *gradient;
            let step = (*first * correction.0) / ((*second * correction.1).sqrt() + 1e-8);
            *value -= rate * (step + decay * *value);
            *gradient = 0.0;
        }
    }
}

pub struct Convolution {
    inputs: usize,
    outputs: usize,
    rows: usize,
    columns: usize,
    /// Zero rows above and below: `(rows - 1) / 2`, or none where the kernel swallows the whole height.
    above: usize,
    pub weights: Parameter,
    pub biases: Parameter,
}

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
        _ => unreachable!("kernels are 1, 3 or 5 wide"),
    }
}

fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 8];
    let (a8, b8) = (a.chunks_exact(8), b.chunks_exact(8));
    let rest: f32 = a8.remainder().iter().zip(b8.remainder()).map(|(x, y)| x * y).sum();
    for (x, y) in a8.zip(b8) {
        for lane in 0..8 {
            lanes[lane] += x[lane] * y[lane];
        }
    }
    lanes.iter().sum::<f32>() + rest
}

impl Convolution {
    pub fn new(inputs: usize, outputs: usize, rows: usize, columns: usize, same_height: bool, rng: &mut Rng) -> Self {
        let fan_in = (inputs * rows * columns) as f32;
        let spread = (2.0 / fan_in).sqrt();
        let weights = (0..inputs * outputs * rows * columns).map(|_| rng.normal() * spread).collect();
        Self {
            inputs,
            outputs,
            rows,
            columns,
            above: if same_height { (rows - 1) / 2 } else { 0 },
            weights: Parameter::new(weights),
            biases: Parameter::new(vec![0.0; outputs]),
        }
    }

    fn taps(&self, output: usize, input: usize, row: usize) -> std::ops::Range<usize> {
        let start = ((output * self.inputs + input) * self.rows + row) * self.columns;
        start..start + self.columns
    }

    pub fn forward(&self, input: &Tensor) -> Tensor {
        let height = input.height + 2 * self.above + 1 - self.rows;
        let mut out = Tensor::zeros(self.outputs, height, input.width);
        for o in 0..self.outputs {
            for y in 0..height {
                let row = out.row_mut(o, y);
                row.fill(self.biases.value[o]);
                for i in 0..self.inputs {
                    for k in 0..self.rows {
                        if let Some(source) = (y + k).checked_sub(self.above).filter(|&s| s < input.height) {
                            accumulate(row, input.padded(i, source), &self.weights.value[self.taps(o, i, k)]);
                        }
                    }
                }
            }
        }
        out
    }

    /// Adds to the gradients of the parameters; returns the gradient of the input.
    pub fn backward(&mut self, input: &Tensor, slope: &Tensor, wants_input: bool) -> Tensor {
        let mut back = Tensor::zeros(input.channels, input.height, input.width);
        let offset = PAD - self.columns / 2;
        let mut flipped = [0.0_f32; 5];
        for o in 0..self.outputs {
            for y in 0..slope.height {
                let row = slope.row(o, y);
                if row.iter().all(|&v| v == 0.0) {
                    continue;
                }
                self.biases.gradient[o] += row.iter().sum::<f32>();
                for i in 0..self.inputs {
                    for k in 0..self.rows {
                        let Some(source) = (y + k).checked_sub(self.above).filter(|&s| s < input.height) else {
                            continue;
                        };
                        let range = self.taps(o, i, k);
                        let x = input.padded(i, source);
                        for (c, index) in range.clone().enumerate() {
                            self.weights.gradient[index] += dot(row, &x[offset + c..offset + c + row.len()]);
                        }
                        if wants_input {
                            let taps = &mut flipped[..self.columns];
                            taps.copy_from_slice(&self.weights.value[range]);
                            taps.reverse();
                            accumulate(back.row_mut(i, source), slope.padded(o, y), taps);
                        }
                    }
                }
            }
        }
        back
    }
}

/// Rectifies in place.
pub fn relu(tensor: &mut Tensor) {
    tensor.data.iter_mut().for_each(|v| *v = v.max(0.0));
}

/// Stops the slope wherever the rectified output was zero.
pub fn relu_backward(output: &Tensor, slope: &mut Tensor) {
    slope.data.iter_mut().zip(&output.data).for_each(|(s, o)| {
        if *o <= 0.0 {
            *s = 0.0;
        }
    });
}

/// Largest of each `2 × columns` block.
pub fn pool(input: &Tensor, columns: usize) -> Tensor {
    let mut out = Tensor::zeros(input.channels, input.height / 2, input.width / columns);
    for c in 0..input.channels {
        for y in 0..out.height {
            let (upper, lower) = (input.row(c, 2 * y), input.row(c, 2 * y + 1));
            for ((o, a), b) in
                out.row_mut(c, y).iter_mut().zip(upper.chunks_exact(columns)).zip(lower.chunks_exact(columns))
            {
                *o = a.iter().chain(b).copied().fold(f32::MIN, f32::max);
            }
        }
    }
    out
}

/// Sends each slope back to the first of the largest.
pub fn pool_backward(input: &Tensor, output: &Tensor, slope: &Tensor, columns: usize) -> Tensor {
    let mut back = Tensor::zeros(input.channels, input.height, input.width);
    for c in 0..input.channels {
        for y in 0..output.height {
            for x in 0..output.width {
                let (value, s) = (output.row(c, y)[x], slope.row(c, y)[x]);
                if s == 0.0 {
                    continue;
                }
                'block: for dy in 0..2 {
                    for dx in 0..columns {
                        if input.row(c, 2 * y + dy)[columns * x + dx] >= value {
                            back.row_mut(c, 2 * y + dy)[columns * x + dx] += s;
                            break 'block;
                        }
                    }
                }
            }
        }
    }
    back
}
