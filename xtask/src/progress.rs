//! Shows the running step and its time: a spinner with words on a terminal, plain lines elsewhere.

use anyhow::{Result, bail};
use indicatif::{MultiProgress, ProgressBar, ProgressStyle};
use std::io::IsTerminal;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::{Duration, Instant};

static SPINNERS: LazyLock<MultiProgress> = LazyLock::new(MultiProgress::new);

/// One piece of work in progress.
pub struct Step {
    words: String,
    spinner: Option<ProgressBar>,
}

impl Step {
    /// The present line of the program behind the step; shown on a terminal only.
    pub fn say(&self, line: &str) {
        if let Some(spinner) = &self.spinner
            && !line.trim().is_empty()
        {
            spinner.set_message(format!("{}: {}", self.words, line.trim()));
        }
    }
}

/// Runs `work` as a step, saying when it starts, how long it took and whether it failed.
pub fn step<T>(words: &str, work: impl FnOnce(&Step) -> Result<T>) -> Result<T> {
    let step = Step { words: words.to_owned(), spinner: std::io::stderr().is_terminal().then(spinner) };
    match &step.spinner {
        Some(spinner) => spinner.set_message(words.to_owned()),
        None => eprintln!("  {words} ..."),
    }
    let start = Instant::now();
    let result = work(&step);
    let mark = if result.is_ok() { "✓" } else { "✗" };
    let line = format!("{mark} {words} ({})", seconds(start.elapsed()));
    match &step.spinner {
        Some(spinner) => {
            spinner.finish_and_clear();
            let _ = SPINNERS.println(line);
        }
        None => eprintln!("{line}"),
    }
    result
}

/// Runs pieces of work at the same time; all end before the first error is given.
pub fn together<const N: usize>(works: [&(dyn Fn() -> Result<()> + Sync); N]) -> Result<()> {
    std::thread::scope(|scope| {
        let running = works.map(|work| scope.spawn(work));
        let ended = running.map(|thread| thread.join());
        for result in ended {
            match result {
                Ok(result) => result?,
                Err(_) => bail!("a step panicked"),
            }
        }
        Ok(())
    })
}

/// Works through `items`, `at_a_time` of them at once. After an error no further item begins, and the first error in the order
/// of the items is given once all that began have ended.
pub fn several_at_a_time<T: Sync>(at_a_time: usize, items: &[T], work: impl Fn(&T) -> Result<()> + Sync) -> Result<()> {
    let next = AtomicUsize::new(0);
    let failed = Mutex::new(None::<(usize, anyhow::Error)>);
    let first_error = || failed.lock().unwrap_or_else(PoisonError::into_inner);
    let worker = || {
        while first_error().is_none() {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else { break };
            let Err(error) = work(item) else { continue };
            let mut first = first_error();
            if first.as_ref().is_none_or(|(earlier, _)| at < *earlier) {
                *first = Some((at, error));
            }
        }
    };
    let ended_well = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..at_a_time.max(1)).map(|_| scope.spawn(worker)).collect();
        let ended: Vec<_> = workers.into_iter().map(std::thread::ScopedJoinHandle::join).collect();
        ended.iter().all(Result::is_ok)
    });
    match failed.into_inner().unwrap_or_else(PoisonError::into_inner) {
        Some((_, error)) => Err(error),
        None if ended_well => Ok(()),
        None => bail!("a step panicked"),
    }
}

/// `0.3 s`, `75.0 s`: one unit for all, so that lines compare.
pub fn seconds(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

fn spinner() -> ProgressBar {
    let spinner = SPINNERS.add(ProgressBar::new_spinner());
    if let Ok(style) = ProgressStyle::with_template("{spinner} {elapsed:>4} {wide_msg}") {
        spinner.set_style(style);
    }
    spinner.enable_steady_tick(Duration::from_millis(100));
    spinner
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_done_together_all_ends_and_the_first_error_comes_out() {
        let done = std::sync::atomic::AtomicU32::new(0);
        let good = || {
            done.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
            Ok(())
        };
        let bad = || bail!("broken");
        let result = together([&bad, &good, &good]);
        assert_eq!(result.map_err(|error| error.to_string()), Err("broken".to_owned()));
        assert_eq!(done.into_inner(), 2);
    }

    #[test]
    fn several_at_a_time_does_all_and_never_more_at_once() {
        let (now, most, done) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
        let work = |_: &u32| {
            most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
            std::thread::sleep(Duration::from_millis(5));
            now.fetch_sub(1, Ordering::SeqCst);
            done.fetch_add(1, Ordering::SeqCst);
            Ok(())
        };
        assert!(several_at_a_time(2, &[1, 2, 3, 4, 5], work).is_ok());
        assert_eq!((most.into_inner(), done.into_inner()), (2, 5));
    }

    #[test]
    fn after_an_error_nothing_begins() {
        let done = AtomicUsize::new(0);
        let work = |item: &u32| {
            done.fetch_add(1, Ordering::SeqCst);
            if *item == 2 { bail!("broken at {item}") } else { Ok(()) }
        };
        let result = several_at_a_time(1, &[1, 2, 3, 4], work);
        assert_eq!(result.map_err(|error| error.to_string()), Err("broken at 2".to_owned()));
        assert_eq!(done.into_inner(), 2);
    }

    #[test]
    fn seconds_have_one_digit() {
        assert_eq!(seconds(Duration::from_millis(75_049)), "75.0 s");
    }
}
