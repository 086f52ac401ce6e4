//! `cargo xtask gen face-models`: models that find, compare and judge the drawn people of the sandbox, and nobody else.
//!
//! Written by hand as graphs, not trained: a detector that looks for lips, the whites of eyes and the gleam on a nose, an
//! embedder that is the colours of an aligned face, a presentation-attack detector that measures grain. They have the
//! tensors of the real families, so that every role is exercised where the real ones are absent.

use super::onnx::{Graph, Name};
use aws_lc_rs::digest::{SHA256, digest};
use ipse_sandbox::specimen::canvas::Canvas;
use ipse_sandbox::specimen::portrait::{Portrait, Pose};
use std::io;

const FOLDER: &str = "fixtures/face-models";
/// Where the embedder's templates have eyes and mouth, in 128 pixels.
const TEMPLATE: &str = "[[40.39, 59.08], [87.38, 58.86], [64.03, 81.98], [44.73, 105.56], [83.64, 105.38]]";
/// Cells of the embedder's copy of a face.
const CELLS: usize = 4;

/// A convolution that looks at every pixel: said, because not every runtime knows that it is the default.
const ONE_BY_ONE: &[(&str, &[i64])] = &[("strides", &[1, 1]), ("pads", &[0, 0, 0, 0]), ("dilations", &[1, 1])];

/// # Errors
/// When a file cannot be written.
pub(crate) fn run() -> io::Result<()> {
    std::fs::create_dir_all(FOLDER)?;
    let files = [
        ("detector.onnx", detector()),
        ("embedder.onnx", embedder()),
        ("pad.onnx", pad()),
        ("landmarks.onnx", landmarks()),
    ];
    let mut manifest = include_str!("face_models.toml").to_owned();
    for (file, bytes) in &files {
        let hash: String = digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect();
        let name = file.split('.').next().unwrap_or_default();
        manifest = manifest
            .replace(&format!("@{name}.sha256@"), &hash)
            .replace(&format!("@{name}.bytes@"), &bytes.len().to_string());
        std::fs::write(format!("{FOLDER}/{file}"), bytes)?;
    }
    std::fs::write(format!("{FOLDER}/models.toml"), manifest.replace("@template@", TEMPLATE))?;
    println!("{FOLDER} written");
    Ok(())
}

/// Where a mask has its weight.
struct Blob {
    mass: Name,
    x: Name,
    y: Name,
}

/// The detector's masks and coordinates.
struct Sight {
    graph: Graph,
    /// To the right, in pixels.
    x: Name,
    /// Downwards.
    y: Name,
    zero: Name,
}

impl Sight {
    /// How far each pixel's colours satisfy three conditions, 0–1: each is weights for blue, green and red, and an offset.
    fn mask(&mut self, conditions: [[f32; 4]; 3]) -> Name {
        let weights: Vec<f32> = conditions.iter().flat_map(|[b, g, r, _]| [*b, *g, *r]).collect();
        let offsets: Vec<f32> = conditions.iter().map(|[_, _, _, offset]| *offset).collect();
        let graph = &mut self.graph;
        let (weights, offsets) = (graph.floats(&[3, 3, 1, 1], &weights), graph.floats(&[3], &offsets));
        let all = graph.op("Conv", &["input", &weights, &offsets], ONE_BY_ONE);
        let least = graph.op("ReduceMin", &[&all], &[("axes", &[1]), ("keepdims", &[1])]);
        graph.clip(&least, 0.0, 1.0)
    }

    /// 1 where `low < coordinate < high`, for scalars.
    fn between(&mut self, coordinate: &Name, low: &Name, high: &Name) -> Name {
        let graph = &mut self.graph;
        let (above, below) = (graph.sub(coordinate, low), graph.sub(high, coordinate));
        let (above, below) = (graph.clip(&above, 0.0, 1.0), graph.clip(&below, 0.0, 1.0));
        graph.mul(&above, &below)
    }

    fn blob(&mut self, mask: &Name) -> Blob {
        let (x, y) = (self.x.clone(), self.y.clone());
        let graph = &mut self.graph;
        let weight = graph.sum(mask);
        let safe = graph.plus(&weight, 1e-3);
        let mut mean = |coordinate: &Name| {
            let weighted = graph.mul(mask, coordinate);
            let sum = graph.sum(&weighted);
            graph.op("Div", &[&sum, &safe], &[])
        };
        Blob { x: mean(&x), y: mean(&y), mass: weight }
    }

    /// What of a mask lies together where most of it does: the mouth of a portrait, and not the red ink around it.
    fn densest(&mut self, plane: &Name) -> Name {
        const CELL: i64 = 8;
        /// Half a window's side, in square roots of the pixels in it: a mouth is wider than it is high.
        const REACH: f32 = 1.6;
        let (x, y) = (self.x.clone(), self.y.clone());
        let graph = &mut self.graph;
        let coarse = |graph: &mut Graph, of: &Name| {
            graph.op("AveragePool", &[of], &[("kernel_shape", &[CELL, CELL]), ("strides", &[CELL, CELL])])
        };
        let near = coarse(graph, plane);
        let near = graph.op(
            "AveragePool",
            &[&near],
            &[("kernel_shape", &[5, 5]), ("strides", &[1, 1]), ("pads", &[2, 2, 2, 2]), ("count_include_pad", &[1])],
        );
        let peak = graph.op("ReduceMax", &[&near], &[("axes", &[1, 2, 3]), ("keepdims", &[1])]);
        let safe = graph.plus(&peak, 1e-6);
        let share = graph.op("Div", &[&near, &safe], &[]);
        let above = graph.plus(&share, -0.9);
        let steep = graph.times(&above, 100.0);
        let there = graph.clip(&steep, 0.0, 1.0);
        let all = graph.sum(&there);
        let all = graph.plus(&all, 1e-3);
        let mut middle = |coordinate: &Name| {
            let cells = coarse(graph, coordinate);
            let weighted = graph.mul(&there, &cells);
            let sum = graph.sum(&weighted);
            graph.op("Div", &[&sum, &all], &[])
        };
        let (mut at_x, mut at_y) = (middle(&x), middle(&y));
        let mut mass = self.graph.times(&peak, (25 * CELL * CELL) as f32);
        let mut gathered = plane.clone();
        for _ in 0..3 {
            let graph = &mut self.graph;
            let safe = graph.plus(&mass, 16.0);
            let side = graph.op("Sqrt", &[&safe], &[]);
            let reach = graph.times(&side, REACH);
            let bounds =
                |graph: &mut Graph, middle: &Name| (graph.sub(middle, &reach), graph.op("Add", &[middle, &reach], &[]));
            let ((left, right), (top, bottom)) = (bounds(graph, &at_x), bounds(graph, &at_y));
            let (across, down) = (self.between(&x, &left, &right), self.between(&y, &top, &bottom));
            let inside = self.graph.mul(&across, &down);
            gathered = self.graph.mul(plane, &inside);
            let blob = self.blob(&gathered);
            (at_x, at_y, mass) = (blob.x, blob.y, blob.mass);
        }
        gathered
    }
}

/// One face in the middle of its lips and eyes.
fn detector() -> Vec<u8> {
    let mut graph = Graph::default();
    let first = {
        let weights = graph.floats(&[1, 3, 1, 1], &[0.0; 3]);
        graph.op("Conv", &["input", &weights], ONE_BY_ONE)
    };
    let one = graph.plus(&first, 1.0);
    let mut along = |axis: i64| {
        let axis = graph.integers(&[1], &[axis]);
        let sum = graph.op("CumSum", &[&one, &axis], &[]);
        graph.plus(&sum, -0.5)
    };
    let (x, y) = (along(3), along(2));
    let mut sight = Sight { graph, x, y, zero: first };

    // Lips are red, neither orange nor purple.
    let lips =
        sight.mask([[0.0, -1.65 / 20.0, 1.0 / 20.0, 0.0], [1.0 / 8.0, -0.1, 0.0, 0.0], [-0.125, 1.15 / 8.0, 0.0, 0.0]]);
    let lips = sight.densest(&lips);
    let mouth = sight.blob(&lips);
    let graph = &mut sight.graph;
    let away = graph.sub(&sight.x, &mouth.x);
    let square = graph.mul(&away, &away);
    let weighted = graph.mul(&lips, &square);
    let (sum, safe) = (graph.sum(&weighted), graph.plus(&mouth.mass, 1e-3));
    let variance = graph.op("Div", &[&sum, &safe], &[]);
    let variance = graph.plus(&variance, 1e-2);
    let deviation = graph.op("Sqrt", &[&variance], &[]);
    // A mouth is about a seventh of the face to either side, its strokes' deviation about half of that.
    let height = graph.times(&deviation, 13.3);

    // The whites of eyes, and the gleam on a nose, are bright and have no colour.
    let white =
        sight.mask([[1.0 / 8.0, 0.0, -0.88 / 8.0, 0.0], [0.0, 1.0 / 20.0, 0.0, -8.0], [0.0, 0.0, 1.0 / 20.0, -8.0]]);
    let window = |sight: &mut Sight, height: &Name, wide: f32, far: f32, near: f32| {
        let graph = &mut sight.graph;
        let mut offset = |from: &Name, share: f32| {
            let part = graph.times(height, share);
            graph.op("Add", &[from, &part], &[])
        };
        let (left, right) = (offset(&mouth.x, -wide), offset(&mouth.x, wide));
        let (top, bottom) = (offset(&mouth.y, -far), offset(&mouth.y, -near));
        let (x, y) = (sight.x.clone(), sight.y.clone());
        let (across, down) = (sight.between(&x, &left, &right), sight.between(&y, &top, &bottom));
        let inside = sight.graph.mul(&across, &down);
        sight.graph.mul(&white, &inside)
    };
    let both = window(&mut sight, &height, 0.33, 0.44, 0.215);
    let eyes = sight.blob(&both);
    let (x, graph) = (sight.x.clone(), &mut sight.graph);
    let (to_left, to_right) = (graph.sub(&eyes.x, &x), graph.sub(&x, &eyes.x));
    let (to_left, to_right) = (graph.clip(&to_left, 0.0, 1.0), graph.clip(&to_right, 0.0, 1.0));
    let (left, right) = (graph.mul(&both, &to_left), graph.mul(&both, &to_right));
    let (left, right) = (sight.blob(&left), sight.blob(&right));
    let graph = &mut sight.graph;
    let rise = graph.sub(&mouth.y, &eyes.y);
    let rise = graph.clip(&rise, 4.0, 4000.0);
    let height = graph.times(&rise, 1.0 / 0.315);
    let gleam = window(&mut sight, &height, 0.2, 0.22, 0.075);
    let nose = sight.blob(&gleam);
    answers(sight, [&left, &right, &nose, &mouth], &deviation, &height, &eyes)
}

/// The twelve tensors of the family, in each of which only the cell of the face's middle speaks.
fn answers(
    mut sight: Sight,
    [left, right, nose, mouth]: [&Blob; 4],
    deviation: &Name,
    height: &Name,
    eyes: &Blob,
) -> Vec<u8> {
    let graph = &mut sight.graph;
    // Everything has to be there.
    let mut sure = graph.clip(&mouth.mass, 0.0, 1.0);
    for (blob, least) in [(mouth, 6.0), (left, 1.0), (right, 1.0), (nose, 0.5)] {
        let scaled = graph.times(&blob.mass, 1.0 / least);
        let there = graph.plus(&scaled, -1.0);
        let there = graph.times(&there, 8.0);
        let there = graph.clip(&there, 0.0, 1.0);
        sure = graph.mul(&sure, &there);
    }
    let half = graph.times(deviation, 1.9);
    let corners = (graph.sub(&mouth.x, &half), graph.op("Add", &[&mouth.x, &half], &[]));
    let middle_x = graph.op("Add", &[&mouth.x, &eyes.x], &[]);
    let middle_x = graph.times(&middle_x, 0.5);
    let part = graph.times(height, 0.03);
    let middle_y = graph.op("Add", &[&eyes.y, &part], &[]);
    let size = [graph.times(height, 0.82), graph.times(height, 1.06)];
    let points =
        [(&left.x, &left.y), (&right.x, &right.y), (&nose.x, &nose.y), (&corners.0, &mouth.y), (&corners.1, &mouth.y)];
    for stride in [8_i64, 16, 32] {
        let (kernel, pixels) = ([stride, stride], stride as f32);
        let shape = graph.integers(&[3], &[1, -1, 1]);
        let flat = |graph: &mut Graph, plane: &Name| graph.op("Reshape", &[plane, &shape], &[]);
        let zero = graph.op("AveragePool", &[&sight.zero], &[("kernel_shape", &kernel), ("strides", &kernel)]);
        let mut cell = |coordinate: &Name| {
            let centre = graph.op("AveragePool", &[coordinate], &[("kernel_shape", &kernel), ("strides", &kernel)]);
            graph.plus(&centre, -pixels / 2.0)
        };
        let (cell_x, cell_y) = (cell(&sight.x), cell(&sight.y));
        let offset = |graph: &mut Graph, value: &Name, cell: &Name| {
            let away = graph.sub(value, cell);
            graph.times(&away, 1.0 / pixels)
        };
        let (dx, dy) = (offset(graph, &middle_x, &cell_x), offset(graph, &middle_y, &cell_y));
        let mut inside = zero.clone();
        for (number, offset) in [&dx, &dy].into_iter().enumerate() {
            let rest = graph.times(offset, -1.0);
            let rest = graph.plus(&rest, 1.0);
            let least = graph.op("Min", &[offset, &rest], &[]);
            let steep = graph.times(&least, 1000.0);
            let within = graph.plus(&steep, 1.0);
            let within = graph.clip(&within, 0.0, 1.0);
            inside = if number == 0 { within } else { graph.mul(&inside, &within) };
        }
        let class = graph.mul(&inside, &sure);
        let class = flat(graph, &class);
        graph.output("Identity", &[&class], &format!("cls_{stride}"));
        graph.output("Identity", &[&class], &format!("obj_{stride}"));
        let mut area = vec![flat(graph, &dx), flat(graph, &dy)];
        for side in &size {
            let scaled = graph.times(side, 1.0 / pixels);
            let scaled = graph.clip(&scaled, 0.01, 1000.0);
            let log = graph.op("Log", &[&scaled], &[]);
            let plane = graph.op("Add", &[&log, &zero], &[]);
            area.push(flat(graph, &plane));
        }
        let area: Vec<&str> = area.iter().map(String::as_str).collect();
        graph.output_with("Concat", &area, &format!("bbox_{stride}"), &[("axis", &[2])]);
        let mut places = Vec::new();
        for (x, y) in points {
            let (x, y) = (offset(graph, x, &cell_x), offset(graph, y, &cell_y));
            places.extend([flat(graph, &x), flat(graph, &y)]);
        }
        let places: Vec<&str> = places.iter().map(String::as_str).collect();
        graph.output_with("Concat", &places, &format!("kps_{stride}"), &[("axis", &[2])]);
    }
    sight.graph.model(&["height", "width"])
}

/// The colours of an aligned face in eight by eight cells, against those of the mean drawn face.
fn embedder() -> Vec<u8> {
    let faces: Vec<Vec<f32>> = (1000..1048).map(aligned_cells).collect();
    let count = faces.len() as f32;
    let at = |cell: usize| faces.iter().filter_map(move |face| face.get(cell)).copied();
    let means: Vec<f32> = (0..3 * CELLS * CELLS).map(|cell| at(cell).sum::<f32>() / count).collect();
    let scales: Vec<f32> = (0..means.len())
        .zip(&means)
        .map(|(cell, mean)| 1.0 / ((at(cell).map(|value| (value - mean).powi(2)).sum::<f32>() / count).sqrt() + 10.0))
        .collect();
    let mut graph = Graph::default();
    let side = (128 / CELLS) as i64;
    let small = graph.op("AveragePool", &["input"], &[("kernel_shape", &[side, side]), ("strides", &[side, side])]);
    let shape = [1, 3, CELLS as i64, CELLS as i64];
    let (means, scales) = (graph.floats(&shape, &means), graph.floats(&shape, &scales));
    let against = graph.sub(&small, &means);
    let even = graph.mul(&against, &scales);
    let shape = graph.integers(&[2], &[1, -1]);
    graph.output("Reshape", &[&even, &shape], "embedding");
    graph.model(&["128", "128"])
}

/// A drawn face on the template, in cells of mean colour: blue, green, red.
fn aligned_cells(seed: u64) -> Vec<f32> {
    let (width, height) = (480.0_f32, 640.0_f32);
    let mut picture = Canvas::new(480, 640, [184, 190, 196]);
    let pose = Pose { size: 0.5, turn: 0.0, smile: 0.1 };
    Portrait::new(seed).draw(&mut picture, [0.0, 0.0, width, height], [184, 190, 196], pose);
    // The drawing's eyes are 0.03 of its face above the middle, its mouth 0.285 below.
    let face = height * pose.size;
    let (eyes, scale) = (height * 0.47 - 0.03 * face, 0.315 * face / 46.5);
    let side = 128 / CELLS;
    let mut cells = Vec::new();
    for plane in [2, 1, 0] {
        for cell in 0..CELLS * CELLS {
            let mut sum = 0.0;
            for pixel in 0..side * side {
                let x = (cell % CELLS * side + pixel % side) as f32;
                let y = (cell / CELLS * side + pixel / side) as f32;
                let colour =
                    picture.at((width / 2.0 + (x - 64.0) * scale) as usize, (eyes + (y - 59.0) * scale) as usize);
                sum += colour.get(plane).copied().map_or(0.0, f32::from);
            }
            cells.push(sum / (side * side) as f32);
        }
    }
    cells
}

/// Grain: the mean bend of the grey levels.
fn pad() -> Vec<u8> {
    let mut graph = Graph::default();
    let laplacian = [0.0, 1.0, 0.0, 1.0, -4.0, 1.0, 0.0, 1.0, 0.0_f32].map(|weight| weight / 12.0);
    let weights = graph.floats(&[1, 3, 3, 3], &laplacian.repeat(3));
    let bent = graph.op("Conv", &["input", &weights], ONE_BY_ONE);
    let size = graph.op("Abs", &[&bent], &[]);
    let mean = graph.op("GlobalAveragePool", &[&size], &[]);
    let over = graph.plus(&mean, -GRAIN);
    let steep = graph.times(&over, 3.0);
    let attack = graph.op("Sigmoid", &[&steep], &[]);
    let live = graph.times(&attack, -1.0);
    let live = graph.plus(&live, 1.0);
    let other = graph.times(&attack, 0.0);
    let all = graph.op("Concat", &[&attack, &live, &other], &[("axis", &[1])]);
    let shape = graph.integers(&[2], &[1, 3]);
    graph.output("Reshape", &[&all, &shape], "probs");
    graph.model(&["80", "80"])
}

/// Between the mean bend of a person's picture and of a grainy print's.
const GRAIN: f32 = 9.0;

/// The landmarks of a drawn face that looks ahead, whatever it is shown.
fn landmarks() -> Vec<u8> {
    let mut graph = Graph::default();
    let weights = graph.floats(&[10, 3, 1, 1], &[0.0; 30]);
    let offsets = graph.floats(&[10], &[0.33, 0.44, 0.67, 0.44, 0.5, 0.6, 0.37, 0.74, 0.63, 0.74]);
    let planes = graph.op("Conv", &["input", &weights, &offsets], ONE_BY_ONE);
    let mean = graph.op("GlobalAveragePool", &[&planes], &[]);
    let shape = graph.integers(&[2], &[1, 10]);
    graph.output("Reshape", &[&mean, &shape], "embedding");
    graph.model(&["48", "48"])
}
