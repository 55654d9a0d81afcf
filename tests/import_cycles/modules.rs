//! The modules of a crate, and the items that each defines, imports and names.

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use quote::ToTokens as _;
use syn::spanned::Spanned as _;
use syn::{Attribute, Expr, Item, ItemMod, ItemUse, Lit, Meta, UseTree, Visibility};

use super::source::{NamedPath, paths};

/// The texts of files, by their paths.
pub type Sources = BTreeMap<PathBuf, String>;

/// The index of a module in [`Crate::modules`]; the root is 0.
pub type Id = usize;

/// All modules of a crate.
#[derive(Debug, Default)]
pub struct Crate {
    pub modules: Vec<Module>,
}

/// A module: a file, or a block within a file.
#[derive(Debug)]
pub struct Module {
    pub file: PathBuf,
    pub parent: Option<Id>,
    pub children: BTreeMap<String, Id>,
    /// Names of the defined items; a macro's name ends with `!`.
    pub items: BTreeSet<String>,
    pub imports: Vec<Import>,
    /// All paths in its items.
    pub named: Vec<NamedPath>,
}

/// One name imported by a `use`, or all names of a module.
#[derive(Debug, Clone)]
pub struct Import {
    pub line: usize,
    pub path: Vec<String>,
    /// `None` is `*`.
    pub name: Option<String>,
    /// `pub use`, whatever the visibility.
    pub is_exported: bool,
}

impl Crate {
    /// Reads the crate whose root is this file.
    pub fn read(root: &Path, sources: &Sources) -> Self {
        let mut read = Self::default();
        let folder = root.parent().unwrap();
        read.add_file(root, folder, None, sources);
        read
    }

    /// Returns the files of the crate.
    pub fn files(&self) -> BTreeSet<PathBuf> {
        self.modules
            .iter()
            .map(|module| module.file.clone())
            .collect()
    }

    /// Adds a file as a module, with its children. `folder` is the folder of the children.
    fn add_file(
        &mut self,
        file: &Path,
        folder: &Path,
        parent: Option<Id>,
        sources: &Sources,
    ) -> Id {
        let text = sources
            .get(file)
            .unwrap_or_else(|| panic!("{} was not read", file.display()));
        let parsed =
            syn::parse_file(text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        self.add(file, folder, parent, parsed.items, sources)
    }

    fn add(
        &mut self,
        file: &Path,
        folder: &Path,
        parent: Option<Id>,
        items: Vec<Item>,
        sources: &Sources,
    ) -> Id {
        let id = self.modules.len();
        self.modules.push(Module {
            file: file.to_owned(),
            parent,
            children: BTreeMap::new(),
            items: BTreeSet::new(),
            imports: Vec::new(),
            named: Vec::new(),
        });
        for item in items {
            match item {
                Item::Mod(inner) if !is_for_tests(&inner.attrs) => {
                    let name = inner.ident.to_string();
                    let child = self.add_child(id, folder, inner, sources);
                    self.modules[id].children.insert(name, child);
                }
                Item::Mod(_) => {}
                Item::Use(import) if !is_for_tests(&import.attrs) => {
                    self.modules[id].imports.extend(imports(&import));
                }
                Item::Use(_) => {}
                item => {
                    self.modules[id].items.extend(name_of(&item));
                    self.modules[id]
                        .named
                        .extend(paths(item.into_token_stream()));
                }
            }
        }
        id
    }

    fn add_child(&mut self, parent: Id, folder: &Path, inner: ItemMod, sources: &Sources) -> Id {
        let file = self.modules[parent].file.clone();
        let name = inner.ident.to_string();
        let below = folder.join(&name);
        if let Some((_, items)) = inner.content {
            return self.add(&file, &below, Some(parent), items, sources);
        }
        match path_attribute(&inner.attrs) {
            Some(path) => {
                let child = normal(&file.with_file_name("").join(path));
                let below = child.parent().unwrap().to_owned();
                self.add_file(&child, &below, Some(parent), sources)
            }
            None => self.add_file(&below.with_extension("rs"), &below, Some(parent), sources),
        }
    }
}

/// Returns the name that an item defines in its module.
fn name_of(item: &Item) -> Option<String> {
    let name = match item {
        Item::Const(item) => &item.ident,
        Item::Enum(item) => &item.ident,
        Item::Fn(item) => &item.sig.ident,
        Item::Macro(item) => return item.ident.as_ref().map(|name| format!("{name}!")),
        Item::Static(item) => &item.ident,
        Item::Struct(item) => &item.ident,
        Item::Trait(item) => &item.ident,
        Item::Type(item) => &item.ident,
        Item::Union(item) => &item.ident,
        _ => return None,
    };
    Some(name.to_string())
}

/// Returns the names that a `use` imports.
fn imports(item: &ItemUse) -> Vec<Import> {
    let mut found = Vec::new();
    let is_exported = !matches!(item.vis, Visibility::Inherited);
    add_imports(&item.tree, &[], is_exported, &mut found);
    found
}

fn add_imports(tree: &UseTree, before: &[String], is_exported: bool, found: &mut Vec<Import>) {
    let line = tree.span().start().line;
    let mut add = |path: Vec<String>, name: Option<String>| {
        found.push(Import {
            line,
            path,
            name,
            is_exported,
        });
    };
    let with = |name: &dyn ToString| [before, &[name.to_string()]].concat();
    match tree {
        UseTree::Path(path) => add_imports(&path.tree, &with(&path.ident), is_exported, found),
        UseTree::Name(name) if name.ident == "self" => add(before.to_vec(), before.last().cloned()),
        UseTree::Name(name) => add(with(&name.ident), Some(name.ident.to_string())),
        UseTree::Rename(name) if name.ident == "self" => {
            add(before.to_vec(), Some(name.rename.to_string()))
        }
        UseTree::Rename(name) => add(with(&name.ident), Some(name.rename.to_string())),
        UseTree::Glob(_) => add(before.to_vec(), None),
        UseTree::Group(group) => {
            for tree in &group.items {
                add_imports(tree, before, is_exported, found);
            }
        }
    }
}

fn is_for_tests(attributes: &[Attribute]) -> bool {
    let is_test = |attribute: &Attribute| {
        attribute.path().is_ident("cfg")
            && attribute
                .meta
                .to_token_stream()
                .to_string()
                .replace(' ', "")
                == "cfg(test)"
    };
    attributes.iter().any(is_test)
}

/// Returns the file that `#[path = "…"]` names.
fn path_attribute(attributes: &[Attribute]) -> Option<String> {
    let mut values = attributes
        .iter()
        .filter_map(|attribute| match &attribute.meta {
            Meta::NameValue(pair) if pair.path.is_ident("path") => Some(&pair.value),
            _ => None,
        });
    match values.next()? {
        Expr::Lit(text) => match &text.lit {
            Lit::Str(text) => Some(text.value()),
            _ => None,
        },
        _ => None,
    }
}

/// Removes `..` from a path.
fn normal(path: &Path) -> PathBuf {
    let mut normal = PathBuf::new();
    for part in path.components() {
        match part {
            std::path::Component::ParentDir => {
                normal.pop();
            }
            part => normal.push(part),
        }
    }
    normal
}
