//! Resolves the names in a crate, and so determines which file needs which.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::modules::{Crate, Id, Import, Module};

/// The target of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Meaning {
    Module(Id),
    /// An item that this module defines.
    ItemOf(Id),
}

/// A file that names an item of another file.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// The file that names the item.
    pub from: PathBuf,
    /// The file that defines it.
    pub to: PathBuf,
    /// The line, counted from 1.
    pub line: usize,
    /// The path as written.
    pub path: String,
}

impl Crate {
    /// Returns every pair of files of which the first names an item that the second defines, with
    /// the first place.
    pub fn edges(&self) -> Vec<Edge> {
        let mut edges: BTreeMap<(PathBuf, PathBuf), Edge> = BTreeMap::new();
        for (id, module) in self.modules.iter().enumerate() {
            let imported = module.imports.iter().filter_map(|import| {
                let meaning = self.resolve(id, &import.path, 0)?;
                let is_handed_on = import.is_exported && self.is_below(meaning, id);
                (!is_handed_on).then_some((import.line, &import.path, meaning))
            });
            let named = module.named.iter().filter_map(|(line, path)| {
                let meaning = self.resolve(id, path, 0)?;
                Some((*line, path, meaning))
            });
            for (line, path, meaning) in imported.chain(named) {
                let Meaning::ItemOf(definer) = meaning else {
                    continue;
                };
                let edge = Edge {
                    from: module.file.clone(),
                    to: self.modules[definer].file.clone(),
                    line,
                    path: path.join("::"),
                };
                if edge.from != edge.to {
                    edges
                        .entry((edge.from.clone(), edge.to.clone()))
                        .or_insert(edge);
                }
            }
        }
        edges.into_values().collect()
    }

    /// Whether the target belongs to a module below this one.
    fn is_below(&self, meaning: Meaning, above: Id) -> bool {
        let (Meaning::Module(id) | Meaning::ItemOf(id)) = meaning;
        let mut parents =
            std::iter::successors(self.modules[id].parent, |&id| self.modules[id].parent);
        parents.any(|id| id == above)
    }

    /// Resolves a path in a module; `None` is an item of another crate, a local name, or nothing.
    fn resolve(&self, module: Id, path: &[String], depth: usize) -> Option<Meaning> {
        // Imports that refer to each other have no target.
        if depth > 16 {
            return None;
        }
        let (first, mut rest) = path.split_first()?;
        let mut meaning = match first.as_str() {
            "crate" => Meaning::Module(0),
            "self" if !rest.is_empty() => Meaning::Module(module),
            "super" => Meaning::Module(self.modules[module].parent?),
            name => self
                .lookup(module, name, depth)
                .or_else(|| self.macro_in_scope(name))?,
        };
        while let (Meaning::Module(id), Some((name, more))) = (meaning, rest.split_first()) {
            meaning = match name.as_str() {
                "self" => meaning,
                "super" => Meaning::Module(self.modules[id].parent?),
                // A name that is not found was created by a macro of that module.
                name => self.lookup(id, name, depth).unwrap_or(Meaning::ItemOf(id)),
            };
            rest = more;
        }
        Some(meaning)
    }

    /// Resolves a name in a module, without the prelude.
    fn lookup(&self, id: Id, name: &str, depth: usize) -> Option<Meaning> {
        let module = &self.modules[id];
        if module.items.contains(name) {
            return Some(Meaning::ItemOf(id));
        }
        let name = name.trim_end_matches('!');
        if let Some(&child) = module.children.get(name) {
            return Some(Meaning::Module(child));
        }
        let import = |import: &&Import| import.name.as_deref() == Some(name);
        if let Some(import) = module.imports.iter().find(import) {
            return self.resolve(id, &import.path, depth + 1);
        }
        let mut all = module.imports.iter().filter(|import| import.name.is_none());
        all.find_map(|import| match self.resolve(id, &import.path, depth + 1)? {
            Meaning::Module(other) if other != id => self.lookup(other, name, depth + 1),
            _ => None,
        })
    }

    /// Finds a macro by its name alone: a macro may be called without a path from below the module
    /// that defines it and, with `#[macro_use]`, from beside it.
    fn macro_in_scope(&self, name: &str) -> Option<Meaning> {
        let defines = |module: &Module| name.ends_with('!') && module.items.contains(name);
        self.modules.iter().position(defines).map(Meaning::ItemOf)
    }
}
