//! The open book: turns the actions of a person into work on the book, its storage and the flow.

use std::cell::{Cell, RefCell};
use std::future::Future;
use std::rc::{Rc, Weak};

use getrandom::SysRng;
use gloo_timers::callback::Timeout;
use js_sys::JsString;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, File};
use yew::Callback;

use super::after_paint::after_paint;
use super::open::{Open, OpenBook};
use super::store::Store;
use crate::book::state::{
    BookEvent, BookState, Goal, Outcome, Problem, StorageContent, StoreProblem, Work, step,
};
use crate::book::{AgentDetails, Book, BookError, MAX_TEXT, MIN_PASSPHRASE};
use crate::browser::clock;
use crate::browser::download::{ObjectUrl, download};
use crate::browser::endpoint::{is_usable, page_url};
use crate::browser::use_flow::Lender;
use crate::flow::event::FlowEvent;
use crate::flow::state::SignIn;
use crate::obshell::address::AgentAddress;
use crate::obshell::secret::Secret;
use crate::obshell::time::Millis;
use crate::text::book::{DELETE_WORDS, FILE_NAME};
use crate::ui::book::{AgentFields, BookAction, ImportMode, listed};
use crate::ui::message::Message;

/// The agent book of a mounted console.
pub(super) struct BookController {
    weak: Weak<Self>,
    store: Store,
    root: Element,
    /// The idle time until the book is locked, in milliseconds.
    idle: u32,
    console: RefCell<Option<ConsoleHandle>>,
    redraw: Callback<()>,
    state: RefCell<Rc<BookState>>,
    open: OpenBook,
    file: RefCell<Option<ImportFile>>,
    /// The last exported file; browsers may read it after the click.
    exported_file: RefCell<Option<ObjectUrl>>,
    timer: RefCell<Option<Timeout>>,
    last_used: Cell<Millis>,
    /// Incremented when the book is locked. A result of work with an older number is discarded.
    generation: Cell<u64>,
}

/// The console that uses the book.
pub(super) struct ConsoleHandle {
    /// Receives the messages that sign in.
    pub on_message: Callback<Message>,
    /// Lends the password that could be saved; `None` for a run over several agents.
    pub lender: Option<Lender>,
}

/// The file of an import.
enum ImportFile {
    Sealed { text: String },
    Opened(Book),
}

/// The result of work.
enum WorkResult {
    /// The book was opened or changed.
    Open(Open, BookEvent),
    /// The file of an import was opened.
    FileOpened(Book),
    /// The file of an import was read.
    FileRead { name: String, text: String },
    /// The book was locked or deleted.
    Closed(StorageContent, Option<Outcome>),
    /// Any other event.
    BookEvent(BookEvent),
    /// Messages for the flow, in order.
    SignIn(Vec<Message>),
}

impl BookController {
    pub fn new(store: Store, root: Element, idle: u32, redraw: Callback<()>) -> Rc<Self> {
        Rc::new_cyclic(|weak| Self {
            weak: weak.clone(),
            store,
            root,
            idle,
            console: RefCell::default(),
            redraw,
            state: RefCell::default(),
            open: OpenBook::default(),
            file: RefCell::default(),
            exported_file: RefCell::default(),
            timer: RefCell::default(),
            last_used: Cell::default(),
            generation: Cell::default(),
        })
    }

    /// The state of the panel.
    pub fn state(&self) -> Rc<BookState> {
        Rc::clone(&self.state.borrow())
    }

    pub fn open(&self) -> &OpenBook {
        &self.open
    }

    /// Uses this console from now on.
    pub fn attach(&self, console: ConsoleHandle) {
        self.console.replace(Some(console));
    }

    fn send(&self, message: Message) {
        let console = self.console.borrow();
        let on_message = console.as_ref().map(|console| console.on_message.clone());
        drop(console);
        if let Some(on_message) = on_message {
            on_message.emit(message);
        }
    }

    /// Reads the storage: after mounting, and when another tab may have changed the book.
    pub fn refresh(&self) {
        let Some(known) = self.open.text() else {
            return self.refresh_closed();
        };
        self.background(move |controller| async move {
            let stored = controller.store.read().await.map_err(Problem::Store)?;
            match stored {
                Some(text) if text == known => Ok(None),
                None => Ok(Some(WorkResult::Closed(
                    StorageContent::Nothing,
                    Some(Outcome::DeletedElsewhere),
                ))),
                Some(text) => {
                    let Some(book) = controller.open.book() else {
                        return Ok(None);
                    };
                    match book.reopen(&text) {
                        Ok(book) => {
                            let event = BookEvent::Reread(book.shared_entries());
                            Ok(Some(WorkResult::Open(Open { book, text }, event)))
                        }
                        Err(BookError::OtherKey) => Ok(Some(WorkResult::Closed(
                            StorageContent::Book,
                            Some(Outcome::OtherPassphrase),
                        ))),
                        Err(error) => Ok(Some(WorkResult::Closed(
                            StorageContent::Unreadable(error),
                            None,
                        ))),
                    }
                }
            }
        });
    }

    fn refresh_closed(&self) {
        self.background(|controller| async move {
            let found = controller.storage_content().await;
            Ok(Some(WorkResult::BookEvent(BookEvent::StorageRead(found))))
        });
    }

    async fn storage_content(&self) -> StorageContent {
        match self.store.read().await {
            Err(problem) => StorageContent::NoStorage(problem),
            Ok(None) => StorageContent::Nothing,
            Ok(Some(text)) => match Book::check(&text) {
                Ok(()) => StorageContent::Book,
                Err(error) => StorageContent::Unreadable(error),
            },
        }
    }

    /// Records that a person uses the console.
    pub fn record_use(&self) {
        self.last_used.set(clock::now());
    }

    /// Wipes the key and everything decrypted with it.
    pub fn lock(&self, outcome: Option<Outcome>) {
        let was_open = self.wipe();
        if was_open {
            self.dispatch(BookEvent::Closed(StorageContent::Book, outcome));
        }
    }

    /// Locks the book when the page is left, and discards typed text.
    pub fn leave(&self) {
        let is_working = self.state.borrow().work.is_some();
        let was_open = self.wipe();
        if was_open || is_working {
            let outcome = was_open.then_some(Outcome::LockedLeft);
            self.dispatch(BookEvent::Closed(StorageContent::Book, outcome));
            self.refresh_closed();
        } else {
            self.dispatch(BookEvent::Go(Goal::Back));
        }
    }

    /// Releases everything when the component is unmounted.
    pub fn release(&self) {
        self.wipe();
        self.exported_file.take();
        self.console.take();
    }

    /// Wipes the key and the imported file. Returns whether the book was open.
    fn wipe(&self) -> bool {
        self.generation.set(self.generation.get() + 1);
        self.timer.take();
        self.file.take();
        self.open.lock()
    }

    /// Performs an action of a person.
    pub fn perform(&self, action: BookAction) {
        match action {
            BookAction::Expand(unfold) => {
                self.dispatch(BookEvent::Expanded(unfold));
                if unfold {
                    self.refresh();
                }
            }
            BookAction::Go(goal) => {
                self.file.take();
                self.dispatch(BookEvent::Go(goal));
            }
            BookAction::Lock => self.lock(None),
            BookAction::Create { passphrase, again } => {
                self.with_new_passphrase(
                    passphrase,
                    &again,
                    Work::Creating,
                    |controller, passphrase| controller.create(passphrase),
                );
            }
            BookAction::ChangePassphrase { passphrase, again } => self.with_new_passphrase(
                passphrase,
                &again,
                Work::ChangingPassphrase,
                |controller, passphrase| {
                    controller.change(Outcome::PassphraseChanged, move |book| {
                        book.change_passphrase(&passphrase, &mut SysRng)
                    })
                },
            ),
            BookAction::Unlock(passphrase) => self.unlock(passphrase),
            BookAction::SignIn(address) => self.sign_in(&address),
            BookAction::SaveCurrent(address) => match self.password_to_save() {
                Some(password) => self.add(AgentDetails::of(address), password),
                None => self.dispatch(BookEvent::Failed(Problem::PasswordMissing)),
            },
            BookAction::Add(form, password) => match self.details(&form) {
                _ if password.is_empty() => {
                    self.dispatch(BookEvent::Failed(Problem::PasswordMissing));
                }
                Ok(details) => self.add(details, password),
                Err(problem) => self.dispatch(BookEvent::Failed(problem)),
            },
            BookAction::Edit(address, form, password) => match self.details(&form) {
                Ok(details) => self.work(Work::Storing, move |controller| {
                    controller.change(Outcome::Edited, move |book| {
                        let password = Some(&password).filter(|password| !password.is_empty());
                        book.edit(&address, details.clone(), password, &mut SysRng)
                    })
                }),
                Err(problem) => self.dispatch(BookEvent::Failed(problem)),
            },
            BookAction::Remove(address) => self.work(Work::Storing, move |controller| {
                controller.change(Outcome::Removed, move |book| {
                    book.remove(&address, &mut SysRng)
                })
            }),
            BookAction::Export => self.work(Work::Storing, |controller| async move {
                let stored = controller.store.read().await.map_err(Problem::Store)?;
                let text = stored.ok_or(Problem::Book(BookError::NotABook))?;
                let exported_file =
                    download(&controller.root, FILE_NAME, "application/json", &text);
                controller.exported_file.replace(exported_file.ok());
                Ok(Some(WorkResult::BookEvent(BookEvent::Exported)))
            }),
            BookAction::Read(file) => self.work(Work::Storing, move |_| read(file)),
            BookAction::OpenFile(passphrase) => self.open_file(passphrase),
            BookAction::Import(mode) => self.import(mode),
            BookAction::Delete(typed) if typed.trim() != DELETE_WORDS => {
                self.dispatch(BookEvent::Failed(Problem::NotConfirmed));
            }
            BookAction::Delete(_) => self.work(Work::Storing, |controller| async move {
                controller.store.delete().await.map_err(Problem::Store)?;
                Ok(Some(WorkResult::Closed(
                    StorageContent::Nothing,
                    Some(Outcome::Deleted),
                )))
            }),
        }
    }

    fn password_to_save(&self) -> Option<Secret> {
        let console = self.console.borrow();
        console.as_ref()?.lender.as_ref()?.agent_password()
    }

    fn with_new_passphrase<F>(
        &self,
        passphrase: Secret,
        again: &Secret,
        work: Work,
        task: impl FnOnce(Rc<Self>, Secret) -> F + 'static,
    ) where
        F: Future<Output = Result<Option<WorkResult>, Problem>>,
    {
        let problem = if passphrase.is_empty() {
            Some(Problem::PassphraseMissing)
        } else if passphrase.expose().chars().count() < MIN_PASSPHRASE {
            Some(Problem::PassphraseShort)
        } else if passphrase.expose() != again.expose() {
            Some(Problem::PassphrasesDiffer)
        } else {
            None
        };
        match problem {
            Some(problem) => self.dispatch(BookEvent::Failed(problem)),
            None => self.work(work, move |controller| async move {
                after_paint().await;
                task(controller, passphrase).await
            }),
        }
    }

    async fn create(self: Rc<Self>, passphrase: Secret) -> Result<Option<WorkResult>, Problem> {
        let book = Book::create(&passphrase, &mut SysRng).map_err(Problem::Book)?;
        drop(passphrase);
        let open = self.stored(None, book).await?;
        let event = BookEvent::Stored(open.book.shared_entries(), Outcome::Created);
        Ok(Some(WorkResult::Open(open, event)))
    }

    fn unlock(&self, passphrase: Secret) {
        if passphrase.is_empty() {
            return self.dispatch(BookEvent::Failed(Problem::PassphraseMissing));
        }
        self.work(Work::Unlocking, move |controller| async move {
            after_paint().await;
            let stored = controller.store.read().await.map_err(Problem::Store)?;
            let Some(text) = stored else {
                let outcome = Some(Outcome::DeletedElsewhere);
                return Ok(Some(WorkResult::Closed(StorageContent::Nothing, outcome)));
            };
            let book = Book::open(&text, &passphrase).map_err(Problem::Book)?;
            let event = BookEvent::Opened(book.shared_entries());
            Ok(Some(WorkResult::Open(Open { book, text }, event)))
        });
    }

    fn add(&self, details: AgentDetails, password: Secret) {
        self.work(Work::Storing, move |controller| {
            controller.change(Outcome::Added, move |book| {
                book.add(details.clone(), &password, &mut SysRng)
            })
        });
    }

    fn sign_in(&self, address: &AgentAddress) {
        let address = address.clone();
        self.work(Work::Storing, move |controller| async move {
            let missing = Problem::Book(BookError::Missing);
            let book = controller.open.book().ok_or(missing)?;
            let entry = book.entry(&address).ok_or(missing)?;
            let password = book.open_password(entry).map_err(Problem::Book)?;
            let details = &entry.details;
            let route = details.endpoint.is_some().then(|| listed(details));
            let messages = [
                Message::Routes(route.into_iter().collect()),
                Message::Flow(FlowEvent::AddressEdited(address.to_string())),
                Message::Flow(FlowEvent::SignInWith(SignIn::AgentPassword)),
                Message::Credential(password),
                Message::Flow(FlowEvent::Connect {
                    has_credential: true,
                }),
            ];
            Ok(Some(WorkResult::SignIn(messages.into())))
        });
    }

    fn open_file(&self, passphrase: Secret) {
        if passphrase.is_empty() {
            return self.dispatch(BookEvent::Failed(Problem::PassphraseMissing));
        }
        let text = match &*self.file.borrow() {
            Some(ImportFile::Sealed { text }) => text.clone(),
            _ => return,
        };
        self.work(Work::OpeningFile, move |controller| async move {
            after_paint().await;
            let file = Book::open(&text, &passphrase).map_err(Problem::File)?;
            match controller.open.book() {
                Some(_) => Ok(Some(WorkResult::FileOpened(file))),
                None => {
                    // There is no book to merge with: the file becomes the book and keeps its
                    // passphrase.
                    for entry in file.entries() {
                        file.open_password(entry).map_err(Problem::File)?;
                    }
                    let open = controller.stored(None, file).await?;
                    let event =
                        BookEvent::Stored(open.book.shared_entries(), Outcome::ImportedWhole);
                    Ok(Some(WorkResult::Open(open, event)))
                }
            }
        });
    }

    fn import(&self, mode: ImportMode) {
        let file = match &*self.file.borrow() {
            Some(ImportFile::Opened(file)) => file.clone(),
            _ => return,
        };
        self.work(Work::Storing, move |controller| async move {
            let book = controller
                .open
                .book()
                .ok_or(Problem::Book(BookError::Missing))?;
            let plan = book.plan(&file).map_err(Problem::File)?;
            let change = controller.change(Outcome::Imported(plan), move |book| match mode {
                ImportMode::Merge => book.merged_with(&file, &mut SysRng),
                ImportMode::Replace => book.replaced_by(&file, &mut SysRng),
            });
            change.await
        });
    }

    /// Changes the open book on the basis of its stored version, so that changes from another tab
    /// are kept.
    async fn change(
        self: Rc<Self>,
        outcome: Outcome,
        change: impl FnOnce(&Book) -> Result<Book, BookError>,
    ) -> Result<Option<WorkResult>, Problem> {
        let missing = Problem::Book(BookError::Missing);
        let book = self.open.book().ok_or(missing)?;
        let stored = self.store.read().await.map_err(Problem::Store)?;
        let Some(before) = stored else {
            let outcome = Some(Outcome::DeletedElsewhere);
            return Ok(Some(WorkResult::Closed(StorageContent::Nothing, outcome)));
        };
        let book = match book.reopen(&before) {
            Ok(book) => book,
            Err(BookError::OtherKey) => {
                return Ok(Some(WorkResult::Closed(
                    StorageContent::Book,
                    Some(Outcome::OtherPassphrase),
                )));
            }
            Err(error) => {
                return Ok(Some(WorkResult::Closed(
                    StorageContent::Unreadable(error),
                    None,
                )));
            }
        };
        let changed = change(&book).map_err(Problem::Book)?;
        let open = self.stored(Some(&before), changed).await?;
        let event = BookEvent::Stored(open.book.shared_entries(), outcome);
        Ok(Some(WorkResult::Open(open, event)))
    }

    /// Stores a book in place of the text `before`.
    async fn stored(&self, before: Option<&str>, book: Book) -> Result<Open, Problem> {
        let text = book.text().map_err(Problem::Book)?;
        let opens = |text: &str| book.reopen(text).as_ref() == Ok(&book);
        let replaced = self.store.replace(before, &text, opens).await;
        replaced.map_err(Problem::Store)?;
        Ok(Open { book, text })
    }

    /// Parses the form of an agent.
    fn details(&self, form: &AgentFields) -> Result<AgentDetails, Problem> {
        let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let address = AgentAddress::parse(&form.address).map_err(Problem::Address)?;
        let endpoint = text(&form.endpoint);
        if let Some(endpoint) = &endpoint
            && !is_usable(endpoint, &page_url(&self.root))
        {
            return Err(Problem::Endpoint);
        }
        Ok(AgentDetails {
            address,
            label: text(&form.label),
            group: text(&form.group),
            endpoint,
        })
    }

    /// Starts work, unless other work is in progress.
    fn work<F>(&self, work: Work, task: impl FnOnce(Rc<Self>) -> F + 'static)
    where
        F: Future<Output = Result<Option<WorkResult>, Problem>>,
    {
        if self.state.borrow().work.is_none() {
            self.dispatch(BookEvent::WorkStarted(work));
            self.background(task);
        }
    }

    /// Runs a task. Its result is discarded if the book is locked in the meantime.
    fn background<F>(&self, task: impl FnOnce(Rc<Self>) -> F + 'static)
    where
        F: Future<Output = Result<Option<WorkResult>, Problem>>,
    {
        let Some(controller) = self.weak.upgrade() else {
            return;
        };
        let generation = self.generation.get();
        spawn_local(async move {
            let result = task(Rc::clone(&controller)).await;
            if controller.generation.get() == generation {
                controller.finish(result);
            }
        });
    }

    fn finish(&self, result: Result<Option<WorkResult>, Problem>) {
        match result {
            Ok(None) => {}
            Err(problem) => {
                self.dispatch(BookEvent::Failed(problem));
                if problem == Problem::Store(StoreProblem::Changed) {
                    self.refresh();
                }
            }
            Ok(Some(WorkResult::BookEvent(event))) => self.dispatch(event),
            Ok(Some(WorkResult::Open(open, event))) => {
                self.file.take();
                let was_open = self.open.replace(open);
                if !was_open {
                    self.record_use();
                    self.watch_idle(self.idle);
                }
                self.dispatch(event);
                if !was_open {
                    self.send(Message::BookOpened);
                }
            }
            Ok(Some(WorkResult::FileOpened(file))) => {
                let plan = self.open.book().map(|book| book.plan(&file));
                match plan {
                    Some(Ok(plan)) => {
                        self.file.replace(Some(ImportFile::Opened(file)));
                        self.dispatch(BookEvent::FileOpened(plan));
                    }
                    Some(Err(error)) => self.dispatch(BookEvent::Failed(Problem::File(error))),
                    None => {}
                }
            }
            Ok(Some(WorkResult::FileRead { name, text })) => {
                self.file.replace(Some(ImportFile::Sealed { text }));
                self.dispatch(BookEvent::FileRead { name });
            }
            Ok(Some(WorkResult::Closed(found, outcome))) => {
                self.wipe();
                self.dispatch(BookEvent::Closed(found, outcome));
            }
            Ok(Some(WorkResult::SignIn(messages))) => {
                if let Some(book) = self.open.book() {
                    self.dispatch(BookEvent::Opened(book.shared_entries()));
                }
                for message in messages {
                    self.send(message);
                }
            }
        }
    }

    fn dispatch(&self, event: BookEvent) {
        let next = step(&self.state.borrow(), event);
        if next != **self.state.borrow() {
            self.state.replace(Rc::new(next));
            self.redraw.emit(());
        }
    }

    fn watch_idle(&self, millis: u32) {
        let weak = self.weak.clone();
        self.timer.replace(Some(Timeout::new(millis, move || {
            let Some(controller) = weak.upgrade() else {
                return;
            };
            let since = clock::now().saturating_sub(controller.last_used.get());
            let left = i64::from(controller.idle).saturating_sub(since.max(0));
            match u32::try_from(left) {
                Ok(left) if left > 0 => controller.watch_idle(left),
                _ => controller.lock(Some(Outcome::LockedIdle)),
            }
        })));
    }
}

/// Reads a file and checks whether it is a book.
async fn read(file: File) -> Result<Option<WorkResult>, Problem> {
    #[expect(clippy::cast_precision_loss, reason = "far below 2^53")]
    if file.size() > MAX_TEXT as f64 {
        return Err(Problem::File(BookError::TooLarge));
    }
    let text = JsFuture::from(file.text()).await;
    let text = text.map_err(|_| Problem::FileUnread)?;
    let text: String = text
        .dyn_into::<JsString>()
        .map_err(|_| Problem::FileUnread)?
        .into();
    Book::check(&text).map_err(Problem::File)?;
    let name = file.name();
    Ok(Some(WorkResult::FileRead { name, text }))
}
