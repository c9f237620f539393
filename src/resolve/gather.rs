//! The first pass: what every file declares, in one table, and the sentences that can only
//! be resolved once it is complete.

use std::rc::Rc;

use crate::ir::SentenceId;
use crate::source::Sources;
use crate::syntax::tree::{self, Kind, Sentence, Word};

use super::clauses::Sentences;
use super::place::{Block, Home, Kept, Node, Statement};
use super::report::Report;
use super::table::Table;
use super::template::Templates;
use super::{later, lists, namespace, tls, workload};

/// What the first pass leaves.
#[derive(Debug)]
pub(super) struct Gathered<'a> {
    /// Everything declared.
    pub(super) table: Table<'a>,
    /// `cluster` blocks.
    pub(super) clusters: Vec<(&'a Word, &'a [Sentence])>,
    /// `isolate`, `allow`, `deny`, `include`, `assert`, and the headers that isolate.
    pub(super) statements: Vec<Statement<'a>>,
    /// `role`, with the entries of its `can` sentences.
    pub(super) roles: Vec<(Statement<'a>, Vec<SentenceId>)>,
    /// `resource`.
    pub(super) resources: Vec<Statement<'a>>,
    /// Their entries in the policy.
    pub(super) sentences: Sentences,
    /// `authority` blocks.
    pub(super) authorities: tls::Authorities,
    /// `in CLUSTER` words, to be checked once the clusters are known.
    pub(super) cluster_words: Vec<&'a Word>,
}

/// The state of the first pass.
#[derive(Debug)]
pub(super) struct Gather<'a, 'r> {
    /// What it found so far.
    pub(super) out: Gathered<'a>,
    /// The templates.
    templates: Templates<'a>,
    /// What is wrong.
    pub(super) report: &'r mut Report,
}

/// Reads all trees.
pub(super) fn gather<'a>(sources: &'a Sources, trees: &'a [tree::File], sentences: Sentences, report: &mut Report) -> Gathered<'a> {
    let out = Gathered {
        table: Table::default(),
        clusters: Vec::new(),
        statements: Vec::new(),
        roles: Vec::new(),
        resources: Vec::new(),
        sentences,
        authorities: tls::Authorities::default(),
        cluster_words: Vec::new(),
    };
    let mut gather = Gather { out, templates: Templates::new(sources), report };
    for tree in trees {
        gather.declare_templates(&tree.sentences);
    }
    for tree in trees {
        let nodes = gather.templates.unfold(&tree.sentences, &Home::Top, gather.report);
        for node in nodes {
            gather.top(node);
        }
    }
    gather.out
}

impl<'a> Gather<'a, '_> {
    fn declare_templates(&mut self, sentences: &'a [Sentence]) {
        for sentence in sentences {
            match &sentence.kind {
                Kind::Template { .. } => self.templates.declare(None, sentence, self.report),
                Kind::Namespace(namespace) => {
                    let private = namespace.body.iter().filter(|s| matches!(s.kind, Kind::Template { .. }));
                    for (sentence, name) in private.flat_map(|s| namespace.names.iter().map(move |name| (s, name))) {
                        self.templates.declare(Some(&name.text), sentence, self.report);
                    }
                }
                _ => {}
            }
        }
    }

    fn top(&mut self, node: Node<'a>) {
        self.report.within(node.used.as_ref());
        if let Kept::Written(sentence) = node.sentence {
            match &sentence.kind {
                Kind::Namespace(namespace) => return self.namespace(sentence, namespace),
                Kind::Everywhere(body) => return self.everywhere(body),
                Kind::Cluster { name, body } => return self.cluster(name, body),
                Kind::Authority { name, body } => {
                    let id = self.sentence(&node);
                    return tls::declare(name, body, id, &mut self.out.authorities, self.report);
                }
                _ => {}
            }
        }
        match &node.sentence.kind {
            Kind::Edition(word) if word.text == "1" => {}
            Kind::Edition(word) => self.report.push(later::unknown_edition(word)),
            Kind::Peers { .. } => lists::declare(self, node, &Home::Top),
            Kind::Include { .. } | Kind::Assert(_) => self.state(node, &Block::outside(Home::Top)),
            Kind::Resource(_) => self.resource(node, &Block::outside(Home::Top)),
            Kind::Hosts { .. } => self.report.push(later::not_yet("hosts", node.sentence.keyword)),
            Kind::Later { name, .. } => self.report.push(later::not_yet(name, node.sentence.keyword)),
            _ => self.report.push(later::misplaced(&node.sentence, "outside a block")),
        }
    }

    fn cluster(&mut self, name: &'a Word, body: &'a [Sentence]) {
        body.iter().for_each(|line| self.templates.stray(line, self.report));
        self.out.clusters.push((name, body));
    }

    fn everywhere(&mut self, body: &'a [Sentence]) {
        let block = Block::outside(Home::Everywhere);
        for node in self.templates.unfold(body, &Home::Everywhere, self.report) {
            self.report.within(node.used.as_ref());
            match &node.sentence.kind {
                Kind::Allow(_) | Kind::Deny(_) | Kind::Isolate { .. } | Kind::Grant(_) => self.state(node, &block),
                Kind::MutualTls | Kind::RequireTls { .. } => self.state(node, &block),
                Kind::Role(_) => self.role(node, &block),
                Kind::Later { name, .. } => self.report.push(later::not_yet(name, node.sentence.keyword)),
                _ => self.report.push(later::misplaced(&node.sentence, "in `everywhere`")),
            }
        }
    }

    fn namespace(&mut self, sentence: &'a Sentence, header: &'a tree::Namespace) {
        self.out.cluster_words.extend(&header.clusters);
        self.out.sentences.begin(header.names.len() > 1);
        let id = self.out.sentences.add(sentence, None, self.report);
        let clusters = Rc::new(namespace::clusters(header));
        let mut blocks = Vec::with_capacity(header.names.len());
        for name in &header.names {
            self.report.outside();
            let Some(block) = namespace::open(self, name, header, &clusters, id) else { continue };
            if header.isolation.is_some() && !block.external {
                let node = Node { sentence: Kept::Written(sentence), used: None };
                self.out.statements.push(Statement { node, id, block: Rc::clone(&block) });
            }
            blocks.push(block);
        }
        // The sentences of the block, once for each of its namespaces; one sentence stays one.
        for block in blocks {
            for node in self.templates.unfold(&header.body, &block.home, self.report) {
                self.report.within(node.used.as_ref());
                self.member(node, &block);
            }
        }
        self.out.sentences.begin(false);
    }

    fn member(&mut self, node: Node<'a>, block: &Rc<Block>) {
        if block.external && !matches!(node.sentence.kind, Kind::Workload(_)) {
            self.report.push(namespace::not_in_external(&node.sentence, &block.home));
            return;
        }
        match &node.sentence.kind {
            Kind::Labels(_) | Kind::PodSecurity(_) | Kind::WorkloadLabel(_) => namespace::setting(self, &node.sentence, block),
            Kind::Workload(_) => workload::declare(self, node, block),
            Kind::Peers { .. } => lists::declare(self, node, &block.home),
            Kind::Allow(_) | Kind::Deny(_) | Kind::Isolate { .. } | Kind::Include { .. } | Kind::Assert(_) | Kind::Grant(_) => {
                self.state(node, block)
            }
            Kind::Expose(_) | Kind::Redirect { .. } | Kind::MutualTls => self.state(node, block),
            Kind::Role(_) => self.role(node, block),
            Kind::Resource(_) => self.resource(node, block),
            Kind::Later { name, .. } => self.report.push(later::not_yet(name, node.sentence.keyword)),
            _ => self.report.push(later::misplaced(&node.sentence, "in a namespace")),
        }
    }

    /// Keeps a sentence for the second pass.
    pub(super) fn state(&mut self, node: Node<'a>, block: &Rc<Block>) {
        let id = self.sentence(&node);
        self.out.statements.push(Statement { node, id, block: Rc::clone(block) });
    }

    /// Keeps a role, and what it permits.
    fn role(&mut self, node: Node<'a>, block: &Rc<Block>) {
        let id = self.sentence(&node);
        let Kind::Role(role) = &node.sentence.kind else { return };
        let body = role.body.as_deref().unwrap_or_default();
        let permissions = body.iter().map(|can| self.out.sentences.add(can, node.used.as_ref(), self.report)).collect();
        self.out.roles.push((Statement { node, id, block: Rc::clone(block) }, permissions));
    }

    /// Keeps the declaration of kinds of resources.
    fn resource(&mut self, node: Node<'a>, block: &Rc<Block>) {
        let id = self.sentence(&node);
        self.out.resources.push(Statement { node, id, block: Rc::clone(block) });
    }

    /// The sentence's entry in the policy.
    pub(super) fn sentence(&mut self, node: &Node<'a>) -> SentenceId {
        self.out.sentences.add(&node.sentence, node.used.as_ref(), self.report)
    }
}
