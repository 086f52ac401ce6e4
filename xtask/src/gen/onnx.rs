//! Writing a graph as an ONNX file: as much of the format (protocol buffers) as our own graphs need.

/// The name of a tensor.
pub(super) type Name = String;

/// Element types of tensors.
const FLOAT: u64 = 1;
const INT64: u64 = 7;

/// A graph with one picture in, as it grows.
#[derive(Default)]
pub(super) struct Graph {
    nodes: Vec<u8>,
    constants: Vec<u8>,
    outputs: Vec<u8>,
    names: usize,
}

fn number(out: &mut Vec<u8>, mut value: u64) {
    while value >= 0x80 {
        out.push(value as u8 | 0x80);
        value >>= 7;
    }
    out.push(value as u8);
}

fn integer(out: &mut Vec<u8>, field: u64, value: u64) {
    number(out, field << 3);
    number(out, value);
}

fn bytes(out: &mut Vec<u8>, field: u64, content: &[u8]) {
    number(out, field << 3 | 2);
    number(out, content.len() as u64);
    out.extend_from_slice(content);
}

/// A tensor's name, element type and dimensions; a dimension that is no number is free.
fn value_info(name: &str, dimensions: &[&str]) -> Vec<u8> {
    let mut shape = Vec::new();
    for dimension in dimensions {
        let mut one = Vec::new();
        match dimension.parse() {
            Ok(fixed) => integer(&mut one, 1, fixed),
            Err(_) => bytes(&mut one, 2, dimension.as_bytes()),
        }
        bytes(&mut shape, 1, &one);
    }
    let (mut tensor, mut kind, mut info) = (Vec::new(), Vec::new(), Vec::new());
    integer(&mut tensor, 1, FLOAT);
    bytes(&mut tensor, 2, &shape);
    bytes(&mut kind, 1, &tensor);
    bytes(&mut info, 1, name.as_bytes());
    bytes(&mut info, 2, &kind);
    info
}

impl Graph {
    fn fresh(&mut self) -> Name {
        self.names += 1;
        format!("t{}", self.names)
    }

    fn constant(&mut self, kind: u64, dimensions: &[i64], raw: &[u8]) -> Name {
        let name = self.fresh();
        let mut tensor = Vec::new();
        for dimension in dimensions {
            integer(&mut tensor, 1, *dimension as u64);
        }
        integer(&mut tensor, 2, kind);
        bytes(&mut tensor, 8, name.as_bytes());
        bytes(&mut tensor, 9, raw);
        bytes(&mut self.constants, 5, &tensor);
        name
    }

    pub(super) fn floats(&mut self, dimensions: &[i64], values: &[f32]) -> Name {
        let raw: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        self.constant(FLOAT, dimensions, &raw)
    }

    pub(super) fn integers(&mut self, dimensions: &[i64], values: &[i64]) -> Name {
        let raw: Vec<u8> = values.iter().flat_map(|value| value.to_le_bytes()).collect();
        let dimensions = if dimensions == [1] { &[][..] } else { dimensions };
        self.constant(INT64, dimensions, &raw)
    }

    fn node(&mut self, kind: &str, inputs: &[&str], output: &str, attributes: &[(&str, &[i64])]) {
        let mut node = Vec::new();
        for input in inputs {
            bytes(&mut node, 1, input.as_bytes());
        }
        bytes(&mut node, 2, output.as_bytes());
        bytes(&mut node, 3, output.as_bytes());
        bytes(&mut node, 4, kind.as_bytes());
        for (name, values) in attributes {
            let mut attribute = Vec::new();
            bytes(&mut attribute, 1, name.as_bytes());
            // An axis and a flag are numbers, everything else is a list.
            match (*name, *values) {
                ("axis" | "keepdims", [value]) => {
                    integer(&mut attribute, 3, *value as u64);
                    integer(&mut attribute, 20, 2);
                }
                _ => {
                    for value in *values {
                        integer(&mut attribute, 8, *value as u64);
                    }
                    integer(&mut attribute, 20, 7);
                }
            }
            bytes(&mut node, 5, &attribute);
        }
        bytes(&mut self.nodes, 1, &node);
    }

    /// An operator with one output.
    pub(super) fn op(&mut self, kind: &str, inputs: &[&str], attributes: &[(&str, &[i64])]) -> Name {
        let output = self.fresh();
        self.node(kind, inputs, &output, attributes);
        output
    }

    /// An operator whose output is the graph's.
    pub(super) fn output(&mut self, kind: &str, inputs: &[&str], name: &str) {
        self.output_with(kind, inputs, name, &[]);
    }

    pub(super) fn output_with(&mut self, kind: &str, inputs: &[&str], name: &str, attributes: &[(&str, &[i64])]) {
        self.node(kind, inputs, name, attributes);
        // How many dimensions it has is the reader's to find out.
        let mut info = Vec::new();
        let (mut kind, mut tensor) = (Vec::new(), Vec::new());
        integer(&mut tensor, 1, FLOAT);
        bytes(&mut kind, 1, &tensor);
        bytes(&mut info, 1, name.as_bytes());
        bytes(&mut info, 2, &kind);
        bytes(&mut self.outputs, 12, &info);
    }

    fn scalar(&mut self, value: f32) -> Name {
        self.floats(&[], &[value])
    }

    pub(super) fn plus(&mut self, input: &Name, value: f32) -> Name {
        let value = self.scalar(value);
        self.op("Add", &[input, &value], &[])
    }

    pub(super) fn times(&mut self, input: &Name, value: f32) -> Name {
        let value = self.scalar(value);
        self.op("Mul", &[input, &value], &[])
    }

    pub(super) fn mul(&mut self, a: &Name, b: &Name) -> Name {
        self.op("Mul", &[a, b], &[])
    }

    pub(super) fn sub(&mut self, a: &Name, b: &Name) -> Name {
        self.op("Sub", &[a, b], &[])
    }

    pub(super) fn clip(&mut self, input: &Name, least: f32, most: f32) -> Name {
        let (least, most) = (self.scalar(least), self.scalar(most));
        self.op("Clip", &[input, &least, &most], &[])
    }

    /// The sum of everything, as a picture of one pixel.
    pub(super) fn sum(&mut self, input: &Name) -> Name {
        let axes = self.integers(&[2], &[2, 3]);
        self.op("ReduceSum", &[input, &axes], &[("keepdims", &[1])])
    }

    /// The file; `sides` are height and width of the picture.
    pub(super) fn model(&self, [height, width]: &[&str; 2]) -> Vec<u8> {
        let mut graph = self.nodes.clone();
        bytes(&mut graph, 2, b"drawn");
        graph.extend_from_slice(&self.constants);
        bytes(&mut graph, 11, &value_info("input", &["1", "3", height, width]));
        graph.extend_from_slice(&self.outputs);
        let (mut opset, mut model) = (Vec::new(), Vec::new());
        integer(&mut opset, 2, 17);
        integer(&mut model, 1, 8);
        bytes(&mut model, 2, b"ipse");
        bytes(&mut model, 7, &graph);
        bytes(&mut model, 8, &opset);
        model
    }
}
