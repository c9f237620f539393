//! What `query` and `why` have in common: which policies and manifests, and the question among the arguments.

use std::path::PathBuf;

use clap::Args;
use polc::query::{Model, is_about_access};

use super::exit::{Exit, Failure};
use super::input;
use super::policy_set::{self, Inputs};
use super::query::wrong;
use super::terminal::ColorWhen;

/// The arguments.
#[derive(Debug, Args)]
pub(crate) struct Asked {
    /// Policy files and folders, and the question: the argument with `->` in it, or one that begins with `can`,
    /// `who can` or `what can`
    #[arg(value_name = "PATH… QUESTION")]
    words: Vec<String>,

    /// A folder of YAML or JSON manifests: workloads, namespaces, policies. Without a PATH they alone are asked.
    /// May be repeated
    #[arg(long, value_name = "DIR")]
    manifests: Vec<PathBuf>,

    /// The cluster that is asked about, where the policy is for several
    #[arg(long, value_name = "NAME")]
    cluster: Option<String>,
}

/// The positional arguments, told apart.
#[derive(Debug)]
pub(crate) struct What {
    paths: Vec<PathBuf>,
    pub(crate) question: Option<String>,
}

impl Asked {
    /// Finds the question. With `--batch` there is none.
    pub(crate) fn split(&self, batch: bool) -> Result<What, Failure> {
        let is_question = |word: &&String| word.contains("->") || is_about_access(word);
        let questions: Vec<&String> = self.words.iter().filter(is_question).collect();
        let paths = self.words.iter().filter(|word| !is_question(word)).map(PathBuf::from).collect();
        match (questions.as_slice(), batch) {
            ([], true) => Ok(What { paths, question: None }),
            ([only], false) => Ok(What { paths, question: Some((*only).clone()) }),
            ([], false) => Err(Failure::new("there is no question")
                .help("ask one, in quotes: `polc query 'payments/frontend -> payments/api 443'`")
                .help("`polc query '* -> *'` lists everything that may connect")),
            (_, true) => Err(Failure::new("with `--batch` the questions stand in the file")),
            ([_, second, ..], false) => {
                Err(Failure::new(format!("`{second}` is a second question")).help("several questions are answered with `--batch FILE`"))
            }
        }
    }

    /// Reads and compiles; or how the run ends, where the policy has errors, which were told.
    pub(crate) fn model(&self, what: &What, color: ColorWhen) -> Result<Result<Model, Exit>, Failure> {
        let here = what.paths.is_empty() && self.manifests.is_empty();
        let paths = if here { vec![PathBuf::from(".")] } else { what.paths.clone() };
        let options = polc::Options { clusters: self.cluster.iter().cloned().collect(), ..polc::Options::default() };
        let files = match self.read(&paths)? {
            Inputs::Read(files) => files,
            Inputs::Unreadable(compilation) => {
                policy_set::tell(&compilation, color);
                return Ok(Err(Exit::PolicyErrors));
            }
        };
        let model = Model::new(files, &options).map_err(wrong)?;
        policy_set::tell(model.compilation(), color);
        Ok(if model.compilation().has_errors() { Err(policy_set::error_exit(model.compilation())) } else { Ok(model) })
    }
}

impl Asked {
    /// Reads both; what lies at the wrong option is told.
    fn read(&self, paths: &[PathBuf]) -> Result<Inputs, Failure> {
        let inputs = policy_set::files(paths, &self.manifests).map_err(|failure| {
            let held = paths.iter().find(|path| input::manifests(std::slice::from_ref(path)).is_ok_and(|found| !found.is_empty()));
            match held {
                Some(path) => failure.help(format!("to ask manifests, give the folder as `--manifests {}`", path.display())),
                None => failure,
            }
        })?;
        if let (Inputs::Read(files), [first, ..]) = (&inputs, self.manifests.as_slice())
            && files.manifests.is_empty()
        {
            return Err(Failure::new(format!("there is no `.yaml`, `.yml` or `.json` file below `{}`", first.display())));
        }
        Ok(inputs)
    }
}
