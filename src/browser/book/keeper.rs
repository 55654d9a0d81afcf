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

use super::open::{Open, OpenBook};
use super::painted::painted;
use super::store::Store;
use crate::book::desk::{Desk, Event, Found, Goal, Problem, Said, StoreProblem, Work, step};
use crate::book::{Book, BookError, Card, MAX_TEXT, MIN_PASSPHRASE};
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
use crate::ui::book::{Act, Form, Way, listed};
use crate::ui::message::Message;

/// The agent book of a mounted console.
pub(super) struct Keeper {
    me: Weak<Self>,
    store: Store,
    root: Element,
    /// The idle time until the book is locked, in milliseconds.
    idle: u32,
    console: RefCell<Option<Console>>,
    redraw: Callback<()>,
    desk: RefCell<Rc<Desk>>,
    open: OpenBook,
    file: RefCell<Option<Read>>,
    /// The last exported file; browsers may read it after the click.
    handed: RefCell<Option<ObjectUrl>>,
    timer: RefCell<Option<Timeout>>,
    last_used: Cell<Millis>,
    /// Incremented when the book is locked. A result of work with an older number is discarded.
    run: Cell<u64>,
}

/// The console that uses the book.
pub(super) struct Console {
    /// Receives the messages that sign in.
    pub tell: Callback<Message>,
    /// Lends the password that could be saved; `None` for a run over several agents.
    pub lender: Option<Lender>,
}

/// The file of an import.
enum Read {
    Sealed { text: String },
    Opened(Book),
}

/// The result of work.
enum Done {
    /// The book was opened or changed.
    Open(Open, Event),
    /// The file of an import was opened.
    FileOpened(Book),
    /// The file of an import was read.
    FileRead { name: String, text: String },
    /// The book was locked or deleted.
    Shut(Found, Option<Said>),
    /// Any other event.
    Event(Event),
    /// Messages for the flow, in order.
    SignIn(Vec<Message>),
}

impl Keeper {
    pub fn new(store: Store, root: Element, idle: u32, redraw: Callback<()>) -> Rc<Self> {
        Rc::new_cyclic(|me| Self {
            me: me.clone(),
            store,
            root,
            idle,
            console: RefCell::default(),
            redraw,
            desk: RefCell::default(),
            open: OpenBook::default(),
            file: RefCell::default(),
            handed: RefCell::default(),
            timer: RefCell::default(),
            last_used: Cell::default(),
            run: Cell::default(),
        })
    }

    /// The state of the panel.
    pub fn desk(&self) -> Rc<Desk> {
        Rc::clone(&self.desk.borrow())
    }

    pub fn open(&self) -> &OpenBook {
        &self.open
    }

    /// Uses this console from now on.
    pub fn serve(&self, console: Console) {
        self.console.replace(Some(console));
    }

    fn tell(&self, message: Message) {
        let console = self.console.borrow();
        let tell = console.as_ref().map(|console| console.tell.clone());
        drop(console);
        if let Some(tell) = tell {
            tell.emit(message);
        }
    }

    /// Reads the storage: after mounting, and when another tab may have changed the book.
    pub fn look(&self) {
        let Some(known) = self.open.text() else {
            return self.look_closed();
        };
        self.background(move |keeper| async move {
            let stored = keeper.store.read().await.map_err(Problem::Store)?;
            match stored {
                Some(text) if text == known => Ok(None),
                None => Ok(Some(Done::Shut(
                    Found::Nothing,
                    Some(Said::DeletedElsewhere),
                ))),
                Some(text) => {
                    let Some(book) = keeper.open.book() else {
                        return Ok(None);
                    };
                    match book.reopen(&text) {
                        Ok(book) => {
                            let event = Event::Reread(book.shared_entries());
                            Ok(Some(Done::Open(Open { book, text }, event)))
                        }
                        Err(BookError::OtherKey) => {
                            Ok(Some(Done::Shut(Found::Book, Some(Said::OtherPassphrase))))
                        }
                        Err(error) => Ok(Some(Done::Shut(Found::Unreadable(error), None))),
                    }
                }
            }
        });
    }

    fn look_closed(&self) {
        self.background(|keeper| async move {
            let found = keeper.found().await;
            Ok(Some(Done::Event(Event::Found(found))))
        });
    }

    async fn found(&self) -> Found {
        match self.store.read().await {
            Err(problem) => Found::NoStorage(problem),
            Ok(None) => Found::Nothing,
            Ok(Some(text)) => match Book::check(&text) {
                Ok(()) => Found::Book,
                Err(error) => Found::Unreadable(error),
            },
        }
    }

    /// Records that a person uses the console.
    pub fn used(&self) {
        self.last_used.set(clock::now());
    }

    /// Wipes the key and everything decrypted with it.
    pub fn lock(&self, said: Option<Said>) {
        let was_open = self.forget();
        if was_open {
            self.happen(Event::Shut(Found::Book, said));
        }
    }

    /// Locks the book when the page is left, and discards typed text.
    pub fn leave(&self) {
        let is_working = self.desk.borrow().work.is_some();
        let was_open = self.forget();
        if was_open || is_working {
            let said = was_open.then_some(Said::LockedLeft);
            self.happen(Event::Shut(Found::Book, said));
            self.look_closed();
        } else {
            self.happen(Event::Go(Goal::Back));
        }
    }

    /// Releases everything when the component is unmounted.
    pub fn end(&self) {
        self.forget();
        self.handed.take();
        self.console.take();
    }

    /// Wipes the key and the imported file. Returns whether the book was open.
    fn forget(&self) -> bool {
        self.run.set(self.run.get() + 1);
        self.timer.take();
        self.file.take();
        self.open.lock()
    }

    /// Performs an action of a person.
    pub fn act(&self, act: Act) {
        match act {
            Act::Unfold(unfold) => {
                self.happen(Event::Unfolded(unfold));
                if unfold {
                    self.look();
                }
            }
            Act::Go(goal) => {
                self.file.take();
                self.happen(Event::Go(goal));
            }
            Act::Lock => self.lock(None),
            Act::Create { passphrase, again } => {
                self.with_new_passphrase(
                    passphrase,
                    &again,
                    Work::Creating,
                    |keeper, passphrase| keeper.create(passphrase),
                );
            }
            Act::ChangePassphrase { passphrase, again } => self.with_new_passphrase(
                passphrase,
                &again,
                Work::ChangingPassphrase,
                |keeper, passphrase| {
                    keeper.change(Said::PassphraseChanged, move |book| {
                        book.change_passphrase(&passphrase, &mut SysRng)
                    })
                },
            ),
            Act::Unlock(passphrase) => self.unlock(passphrase),
            Act::SignIn(address) => self.sign_in(&address),
            Act::SaveCurrent(address) => match self.password_to_save() {
                Some(password) => self.add(Card::of(address), password),
                None => self.happen(Event::Failed(Problem::PasswordMissing)),
            },
            Act::Add(form, password) => match self.card(&form) {
                _ if password.is_empty() => {
                    self.happen(Event::Failed(Problem::PasswordMissing));
                }
                Ok(card) => self.add(card, password),
                Err(problem) => self.happen(Event::Failed(problem)),
            },
            Act::Edit(address, form, password) => match self.card(&form) {
                Ok(card) => self.work(Work::Storing, move |keeper| {
                    keeper.change(Said::Edited, move |book| {
                        let password = Some(&password).filter(|password| !password.is_empty());
                        book.edit(&address, card.clone(), password, &mut SysRng)
                    })
                }),
                Err(problem) => self.happen(Event::Failed(problem)),
            },
            Act::Remove(address) => self.work(Work::Storing, move |keeper| {
                keeper.change(Said::Removed, move |book| {
                    book.remove(&address, &mut SysRng)
                })
            }),
            Act::Export => self.work(Work::Storing, |keeper| async move {
                let stored = keeper.store.read().await.map_err(Problem::Store)?;
                let text = stored.ok_or(Problem::Book(BookError::NotABook))?;
                let handed = download(&keeper.root, FILE_NAME, "application/json", &text);
                keeper.handed.replace(handed.ok());
                Ok(Some(Done::Event(Event::Exported)))
            }),
            Act::Read(file) => self.work(Work::Storing, move |_| read(file)),
            Act::OpenFile(passphrase) => self.open_file(passphrase),
            Act::Import(way) => self.import(way),
            Act::Delete(typed) if typed.trim() != DELETE_WORDS => {
                self.happen(Event::Failed(Problem::NotConfirmed));
            }
            Act::Delete(_) => self.work(Work::Storing, |keeper| async move {
                keeper.store.delete().await.map_err(Problem::Store)?;
                Ok(Some(Done::Shut(Found::Nothing, Some(Said::Deleted))))
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
        F: Future<Output = Result<Option<Done>, Problem>>,
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
            Some(problem) => self.happen(Event::Failed(problem)),
            None => self.work(work, move |keeper| async move {
                painted().await;
                task(keeper, passphrase).await
            }),
        }
    }

    async fn create(self: Rc<Self>, passphrase: Secret) -> Result<Option<Done>, Problem> {
        let book = Book::create(&passphrase, &mut SysRng).map_err(Problem::Book)?;
        drop(passphrase);
        let open = self.stored(None, book).await?;
        let event = Event::Stored(open.book.shared_entries(), Said::Created);
        Ok(Some(Done::Open(open, event)))
    }

    fn unlock(&self, passphrase: Secret) {
        if passphrase.is_empty() {
            return self.happen(Event::Failed(Problem::PassphraseMissing));
        }
        self.work(Work::Unlocking, move |keeper| async move {
            painted().await;
            let stored = keeper.store.read().await.map_err(Problem::Store)?;
            let Some(text) = stored else {
                let said = Some(Said::DeletedElsewhere);
                return Ok(Some(Done::Shut(Found::Nothing, said)));
            };
            let book = Book::open(&text, &passphrase).map_err(Problem::Book)?;
            let event = Event::Opened(book.shared_entries());
            Ok(Some(Done::Open(Open { book, text }, event)))
        });
    }

    fn add(&self, card: Card, password: Secret) {
        self.work(Work::Storing, move |keeper| {
            keeper.change(Said::Added, move |book| {
                book.add(card.clone(), &password, &mut SysRng)
            })
        });
    }

    fn sign_in(&self, address: &AgentAddress) {
        let address = address.clone();
        self.work(Work::Storing, move |keeper| async move {
            let missing = Problem::Book(BookError::Missing);
            let book = keeper.open.book().ok_or(missing)?;
            let entry = book.entry(&address).ok_or(missing)?;
            let password = book.open_password(entry).map_err(Problem::Book)?;
            let card = &entry.card;
            let route = card.endpoint.is_some().then(|| listed(card));
            let messages = [
                Message::Routes(route.into_iter().collect()),
                Message::Flow(FlowEvent::AddressEdited(address.to_string())),
                Message::Flow(FlowEvent::SignInWith(SignIn::AgentPassword)),
                Message::Credential(password),
                Message::Flow(FlowEvent::Connect {
                    has_credential: true,
                }),
            ];
            Ok(Some(Done::SignIn(messages.into())))
        });
    }

    fn open_file(&self, passphrase: Secret) {
        if passphrase.is_empty() {
            return self.happen(Event::Failed(Problem::PassphraseMissing));
        }
        let text = match &*self.file.borrow() {
            Some(Read::Sealed { text }) => text.clone(),
            _ => return,
        };
        self.work(Work::OpeningFile, move |keeper| async move {
            painted().await;
            let file = Book::open(&text, &passphrase).map_err(Problem::File)?;
            match keeper.open.book() {
                Some(_) => Ok(Some(Done::FileOpened(file))),
                None => {
                    // There is no book to merge with: the file becomes the book and keeps its
                    // passphrase.
                    for entry in file.entries() {
                        file.open_password(entry).map_err(Problem::File)?;
                    }
                    let open = keeper.stored(None, file).await?;
                    let event = Event::Stored(open.book.shared_entries(), Said::ImportedWhole);
                    Ok(Some(Done::Open(open, event)))
                }
            }
        });
    }

    fn import(&self, way: Way) {
        let file = match &*self.file.borrow() {
            Some(Read::Opened(file)) => file.clone(),
            _ => return,
        };
        self.work(Work::Storing, move |keeper| async move {
            let book = keeper
                .open
                .book()
                .ok_or(Problem::Book(BookError::Missing))?;
            let plan = book.plan(&file).map_err(Problem::File)?;
            let change = keeper.change(Said::Imported(plan), move |book| match way {
                Way::Merge => book.merged_with(&file, &mut SysRng),
                Way::Replace => book.replaced_by(&file, &mut SysRng),
            });
            change.await
        });
    }

    /// Changes the open book on the basis of its stored version, so that changes from another tab
    /// are kept.
    async fn change(
        self: Rc<Self>,
        said: Said,
        change: impl FnOnce(&Book) -> Result<Book, BookError>,
    ) -> Result<Option<Done>, Problem> {
        let missing = Problem::Book(BookError::Missing);
        let book = self.open.book().ok_or(missing)?;
        let stored = self.store.read().await.map_err(Problem::Store)?;
        let Some(before) = stored else {
            let said = Some(Said::DeletedElsewhere);
            return Ok(Some(Done::Shut(Found::Nothing, said)));
        };
        let book = match book.reopen(&before) {
            Ok(book) => book,
            Err(BookError::OtherKey) => {
                return Ok(Some(Done::Shut(Found::Book, Some(Said::OtherPassphrase))));
            }
            Err(error) => return Ok(Some(Done::Shut(Found::Unreadable(error), None))),
        };
        let changed = change(&book).map_err(Problem::Book)?;
        let open = self.stored(Some(&before), changed).await?;
        let event = Event::Stored(open.book.shared_entries(), said);
        Ok(Some(Done::Open(open, event)))
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
    fn card(&self, form: &Form) -> Result<Card, Problem> {
        let text = |text: &str| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
        let address = AgentAddress::parse(&form.address).map_err(Problem::Address)?;
        let endpoint = text(&form.endpoint);
        if let Some(endpoint) = &endpoint
            && !is_usable(endpoint, &page_url(&self.root))
        {
            return Err(Problem::Endpoint);
        }
        Ok(Card {
            address,
            label: text(&form.label),
            group: text(&form.group),
            endpoint,
        })
    }

    /// Starts work, unless other work is in progress.
    fn work<F>(&self, work: Work, task: impl FnOnce(Rc<Self>) -> F + 'static)
    where
        F: Future<Output = Result<Option<Done>, Problem>>,
    {
        if self.desk.borrow().work.is_none() {
            self.happen(Event::Began(work));
            self.background(task);
        }
    }

    /// Runs a task. Its result is discarded if the book is locked in the meantime.
    fn background<F>(&self, task: impl FnOnce(Rc<Self>) -> F + 'static)
    where
        F: Future<Output = Result<Option<Done>, Problem>>,
    {
        let Some(keeper) = self.me.upgrade() else {
            return;
        };
        let run = self.run.get();
        spawn_local(async move {
            let done = task(Rc::clone(&keeper)).await;
            if keeper.run.get() == run {
                keeper.finish(done);
            }
        });
    }

    fn finish(&self, done: Result<Option<Done>, Problem>) {
        match done {
            Ok(None) => {}
            Err(problem) => {
                self.happen(Event::Failed(problem));
                if problem == Problem::Store(StoreProblem::Changed) {
                    self.look();
                }
            }
            Ok(Some(Done::Event(event))) => self.happen(event),
            Ok(Some(Done::Open(open, event))) => {
                self.file.take();
                let was_open = self.open.replace(open);
                if !was_open {
                    self.used();
                    self.watch_idle(self.idle);
                }
                self.happen(event);
                if !was_open {
                    self.tell(Message::BookOpened);
                }
            }
            Ok(Some(Done::FileOpened(file))) => {
                let plan = self.open.book().map(|book| book.plan(&file));
                match plan {
                    Some(Ok(plan)) => {
                        self.file.replace(Some(Read::Opened(file)));
                        self.happen(Event::FileOpened(plan));
                    }
                    Some(Err(error)) => self.happen(Event::Failed(Problem::File(error))),
                    None => {}
                }
            }
            Ok(Some(Done::FileRead { name, text })) => {
                self.file.replace(Some(Read::Sealed { text }));
                self.happen(Event::FileRead { name });
            }
            Ok(Some(Done::Shut(found, said))) => {
                self.forget();
                self.happen(Event::Shut(found, said));
            }
            Ok(Some(Done::SignIn(messages))) => {
                if let Some(book) = self.open.book() {
                    self.happen(Event::Opened(book.shared_entries()));
                }
                for message in messages {
                    self.tell(message);
                }
            }
        }
    }

    fn happen(&self, event: Event) {
        let next = step(&self.desk.borrow(), event);
        if next != **self.desk.borrow() {
            self.desk.replace(Rc::new(next));
            self.redraw.emit(());
        }
    }

    fn watch_idle(&self, millis: u32) {
        let me = self.me.clone();
        self.timer.replace(Some(Timeout::new(millis, move || {
            let Some(keeper) = me.upgrade() else {
                return;
            };
            let since = clock::now().saturating_sub(keeper.last_used.get());
            let left = i64::from(keeper.idle).saturating_sub(since.max(0));
            match u32::try_from(left) {
                Ok(left) if left > 0 => keeper.watch_idle(left),
                _ => keeper.lock(Some(Said::LockedIdle)),
            }
        })));
    }
}

/// Reads a file and checks whether it is a book.
async fn read(file: File) -> Result<Option<Done>, Problem> {
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
    Ok(Some(Done::FileRead { name, text }))
}
