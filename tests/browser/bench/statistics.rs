//! What is told of many samples.

use serde_json::{Value, json};

/// Samples of one figure, at least one.
#[derive(Debug, Clone)]
pub struct Samples {
    sorted: Vec<f64>,
}

impl Samples {
    /// # Panics
    /// When there is no sample.
    pub fn new(samples: impl IntoIterator<Item = f64>) -> Self {
        let mut sorted: Vec<f64> = samples.into_iter().collect();
        assert!(!sorted.is_empty(), "nothing was measured");
        sorted.sort_by(f64::total_cmp);
        Self { sorted }
    }

    /// The middle one; between the two middle ones where their number is even.
    pub fn median(&self) -> f64 {
        let half = self.sorted.len() / 2;
        if self.sorted.len().is_multiple_of(2) {
            f64::midpoint(self.sorted[half - 1], self.sorted[half])
        } else {
            self.sorted[half]
        }
    }

    /// The largest.
    pub fn worst(&self) -> f64 {
        self.sorted[self.sorted.len() - 1]
    }

    /// Everything, for the file.
    pub fn figures(&self) -> Value {
        json!({ "median": self.median(), "worst": self.worst(), "samples": self.sorted })
    }
}

#[cfg(test)]
mod tests {
    use super::Samples;

    #[test]
    fn the_median_is_in_the_middle_and_the_worst_is_the_largest() {
        let odd = Samples::new([30.0, 1.0, 2.0]);
        assert_eq!((odd.median(), odd.worst()), (2.0, 30.0));
        let even = Samples::new([4.0, 1.0, 30.0, 2.0]);
        assert_eq!((even.median(), even.worst()), (3.0, 30.0));
        assert_eq!(Samples::new([7.0]).median(), 7.0);
    }

    #[test]
    #[should_panic(expected = "nothing was measured")]
    fn no_samples_are_no_figure() {
        Samples::new([]);
    }

    #[test]
    fn the_file_has_every_sample() {
        let figures = Samples::new([2.0, 1.0]).figures();
        assert_eq!(figures["samples"], serde_json::json!([1.0, 2.0]));
        assert_eq!(figures["median"], 1.5);
    }
}
