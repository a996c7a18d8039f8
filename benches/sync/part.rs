//! Running a part in a process of its own: JSON in, one line of JSON out.

use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// Any failure of the benchmark, in words.
pub type Outcome<T> = Result<T, String>;

/// An error as text.
pub fn text(error: impl ToString) -> String {
    error.to_string()
}

/// A part that runs.
pub struct Part {
    child: Child,
    input: Option<ChildStdin>,
    output: BufReader<ChildStdout>,
}

impl Part {
    /// Starts this program as the part `args` names.
    pub fn start(args: &[&str]) -> Outcome<Self> {
        let program = std::env::current_exe().map_err(text)?;
        let mut child =
            Command::new(program).args(args).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().map_err(text)?;
        let output = child.stdout.take().ok_or("no stdout")?;
        Ok(Self { input: child.stdin.take(), child, output: BufReader::new(output) })
    }

    /// Sends one line.
    pub fn send(&mut self, line: &str) -> Outcome<()> {
        let input = self.input.as_mut().ok_or("no stdin")?;
        writeln!(input, "{line}").and_then(|()| input.flush()).map_err(text)
    }

    /// Reads one line of JSON.
    pub fn read(&mut self) -> Outcome<Value> {
        let mut line = String::new();
        self.output.read_line(&mut line).map_err(text)?;
        serde_json::from_str(&line).map_err(|error| format!("{error} in '{line}'"))
    }

    /// Closes its input and waits for its end.
    pub fn end(mut self) -> Outcome<()> {
        drop(self.input.take());
        let status = self.child.wait().map_err(text)?;
        if status.success() { Ok(()) } else { Err(format!("a part ended with {status}")) }
    }
}

/// Runs a part with this input and returns what it printed.
pub fn run(args: &[&str], input: &str) -> Outcome<Value> {
    let mut part = Part::start(args)?;
    part.send(input)?;
    drop(part.input.take());
    let printed = part.read()?;
    part.end()?;
    Ok(printed)
}

/// The whole of stdin as JSON.
pub fn input<T: DeserializeOwned>() -> Outcome<T> {
    let mut json = String::new();
    std::io::stdin().read_to_string(&mut json).map_err(text)?;
    serde_json::from_str(&json).map_err(text)
}

/// Prints one line of JSON.
pub fn print(value: &impl Serialize) -> Outcome<()> {
    println!("{}", serde_json::to_string(value).map_err(text)?);
    Ok(())
}

/// A runtime as the program has it.
pub fn runtime() -> Outcome<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().map_err(text)
}

/// The most memory this process ever held, in MiB.
pub fn peak_mib() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    let kib: f64 = line.split_whitespace().nth(1)?.parse().ok()?;
    Some(kib / 1024.0)
}

/// The processor seconds of this process, with those of threads that have ended.
pub fn processor_seconds() -> f64 {
    std::fs::read_to_string("/proc/self/stat")
        .ok()
        .and_then(|stat| named_seconds(&stat))
        .map_or(0.0, |(_, seconds)| seconds)
}

/// The processor seconds of the threads that run now, by name.
pub fn thread_seconds() -> std::collections::BTreeMap<String, f64> {
    let mut all = std::collections::BTreeMap::new();
    for task in std::fs::read_dir("/proc/self/task").into_iter().flatten().flatten() {
        let stat = std::fs::read_to_string(task.path().join("stat")).unwrap_or_default();
        let Some((name, seconds)) = named_seconds(&stat) else { continue };
        *all.entry(name).or_default() += seconds;
    }
    all
}

/// The name and the processor seconds that a `stat` file tells.
fn named_seconds(stat: &str) -> Option<(String, f64)> {
    let (name, rest) = stat.split_once('(').and_then(|(_, rest)| rest.rsplit_once(')'))?;
    let ticks = rest.split_whitespace().skip(11).take(2).filter_map(|ticks| ticks.parse::<f64>().ok());
    // A tick is a hundredth of a second on every Linux there is.
    Some((name.to_owned(), ticks.sum::<f64>() / 100.0))
}
