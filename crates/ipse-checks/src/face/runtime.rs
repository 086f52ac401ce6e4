//! The one place that runs a network. Everything else names models by what they do, so another runtime would be another
//! version of this file (`docs/adr/0008-…`).

use rten::{Dimension, Model, NodeId, RunOptions, ThreadPool, Value};
use rten_tensor::NdTensor;
use rten_tensor::prelude::*;
use std::sync::Arc;

thread_local! {
    // A network runs on one thread: work is spread over verifications, not inside of one, and the threads that examine
    // do not wait for each other.
    static THREAD: Arc<ThreadPool> = Arc::new(ThreadPool::with_num_threads(1));
}

/// A network with one picture in and some tensors out.
pub(super) struct Network {
    model: Model,
    input: NodeId,
    outputs: Vec<NodeId>,
}

/// A network did not answer, or not with what it declares.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct DidNotRun;

impl Network {
    /// Reads an ONNX file. Nothing when it is none, when it wants operators that are not here, or when it does not have
    /// these tensors or its input is not of this size.
    pub(super) fn open(file: Vec<u8>, input: &str, outputs: &[String], size: Option<[u32; 2]>) -> Option<Self> {
        let model = Model::load(file).ok()?;
        let &[only] = model.input_ids() else { return None };
        let declared = model.node_info(only).filter(|node| node.name() == Some(input))?;
        let fits = |dimension: &Dimension, wanted: Option<usize>| match (dimension, wanted) {
            (Dimension::Fixed(fixed), Some(wanted)) => *fixed == wanted,
            (Dimension::Fixed(_), None) => false,
            (Dimension::Symbolic(_), _) => true,
        };
        if let Some(shape) = declared.shape() {
            let [width, height] = size.map_or([None; 2], |size| size.map(|side| Some(side as usize)));
            let [batch, planes, rows, columns] = shape.as_slice() else { return None };
            let fits = fits(batch, Some(1)) && fits(planes, Some(3)) && fits(rows, height) && fits(columns, width);
            fits.then_some(())?;
        }
        let named = |name: &String| {
            model
                .output_ids()
                .iter()
                .copied()
                .find(|id| model.node_info(*id).is_some_and(|node| node.name() == Some(name)))
        };
        let outputs = outputs.iter().map(named).collect::<Option<Vec<_>>>()?;
        Some(Self { model, input: only, outputs })
    }

    /// Gives it three planes of `height` rows of `width` values; the outputs as flat lists, in the order asked for.
    pub(super) fn run(&self, planes: Vec<f32>, width: usize, height: usize) -> Result<Vec<Vec<f32>>, DidNotRun> {
        if planes.len() != 3 * width * height {
            return Err(DidNotRun);
        }
        let input = NdTensor::from_data([1, 3, height, width], planes);
        let options = THREAD.with(|pool| RunOptions::default().with_thread_pool(Some(Arc::clone(pool))));
        let answers =
            self.model.run(vec![(self.input, input.into())], &self.outputs, Some(options)).map_err(|_| DidNotRun)?;
        answers.into_iter().map(numbers).collect()
    }
}

fn numbers(value: Value) -> Result<Vec<f32>, DidNotRun> {
    let numbers = match value {
        Value::FloatTensor(tensor) => tensor.to_vec(),
        _ => return Err(DidNotRun),
    };
    // Numbers that are none would pass every comparison in one direction.
    if numbers.iter().all(|number| number.is_finite()) { Ok(numbers) } else { Err(DidNotRun) }
}
