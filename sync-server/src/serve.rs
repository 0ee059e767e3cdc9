//! A running server: the store opened, HTTP answered, operators heard, the clock's work done, and a graceful end.

use crate::{
    closing::closed,
    descriptors,
    engine::{self, Engine, EngineConfig, EngineError, WriterMode},
    http::{Face, HttpLimits, Metrics, serve},
    keys,
    operate::{desk::Desk, socket},
    store::{
        Store, StoreError,
        sqlite::{SqliteOptions, SqliteStore},
    },
};
use skolebro_core::clock::{Clock, SystemClock};
use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};
use tokio::{net::TcpListener, runtime::Runtime, sync::watch, task::JoinHandle};

/// How a server is started.
#[derive(Clone, Debug)]
pub struct ServeOptions {
    pub data: PathBuf,
    /// Where the code key lies; none: in the data folder.
    pub keys: Option<PathBuf>,
    /// Port 0 takes a free one.
    pub listen: SocketAddr,
    pub limits: HttpLimits,
    pub store: SqliteOptions,
    pub clock: Arc<dyn Clock>,
    /// The longest from one look at what is due by the clock to the next. None: only when an operator says `tick`.
    pub tick_every: Option<Duration>,
}

impl ServeOptions {
    /// On a free port, by the real clock.
    pub fn on(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            keys: None,
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            limits: HttpLimits::default(),
            store: SqliteOptions::default(),
            clock: Arc::new(SystemClock::default()),
            tick_every: Some(Duration::from_secs(15)),
        }
    }
}

#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error(transparent)]
    Engine(#[from] EngineError),
    #[error(transparent)]
    Key(#[from] keys::KeyError),
    #[error("cannot listen on {0}: {1}")]
    Listen(SocketAddr, io::Error),
    #[error("cannot make the operator's socket in {0} (a path of about 100 bytes is the longest): {1}")]
    Socket(PathBuf, io::Error),
    #[error("the runtime failed: {0}")]
    Runtime(io::Error),
}

/// Opens the engine on a data folder, for the server and for orders that run by themselves.
///
/// # Errors
/// The store's or the key's; [`StoreError::InUse`] where a server runs.
pub fn open_engine(
    data: &Path,
    keys: Option<&Path>,
    store: SqliteOptions,
    clock: Arc<dyn Clock>,
) -> Result<Arc<Engine>, ServeError> {
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(data, store)?);
    let code_key = keys::of_store(&*store, data, keys, clock.now())?;
    let config = EngineConfig { limits: engine::Limits::default(), code_key, writer: WriterMode::Thread };
    Ok(Engine::open(store, clock, config)?)
}

/// How long an upgraded server makes cards and rights anew before it listens.
const RENEWED_FIRST: Duration = Duration::from_secs(5);

/// Milliseconds that tasks which have ended get to let go of the engine.
const LETTING_GO: usize = 2_000;

/// Ends when it is told to, or is dropped; dropping does not wait.
#[derive(Debug)]
pub struct Server {
    address: SocketAddr,
    engine: Arc<Engine>,
    metrics: Arc<Metrics>,
    close: watch::Sender<bool>,
    http: JoinHandle<io::Result<bool>>,
    others: Vec<JoinHandle<()>>,
    drain: Duration,
}

impl Server {
    /// # Errors
    /// The store, the key, the address or the operator's socket.
    pub async fn start(options: ServeOptions) -> Result<Self, ServeError> {
        let mut options = options;
        let most = descriptors::for_connections(descriptors::raise(), options.limits.connections);
        if most < options.limits.connections {
            tracing::warn!(most, "the system's limit of open files is low; so many connections are held open at once");
            options.limits.connections = most;
        }
        let listen = options.listen;
        let data = options.data.clone();
        let opened = tokio::task::spawn_blocking(move || {
            open_engine(&options.data, options.keys.as_deref(), options.store, options.clock)
        });
        let engine = opened.await.map_err(|error| ServeError::Runtime(io::Error::other(error)))??;
        let renewing = Arc::clone(&engine);
        // What takes longer goes on while others are answered; what fails is tried again by the clock's work.
        let _ = tokio::time::timeout(RENEWED_FIRST, tokio::task::spawn_blocking(move || renewing.renew())).await;
        let listener = TcpListener::bind(listen).await.map_err(|error| ServeError::Listen(listen, error))?;
        let address = listener.local_addr().map_err(|error| ServeError::Listen(listen, error))?;
        let operators = socket::listen(&data).map_err(|error| ServeError::Socket(data.clone(), error))?;
        let (close, closing) = watch::channel(false);
        let drain = options.limits.drain;
        let face = Face::new(Arc::clone(&engine), options.limits, closing.clone());
        let metrics = Arc::clone(&face.metrics);
        let (since, closing_desk) = (Some(engine.now()), closing.clone());
        let desk = Desk { engine: Arc::clone(&engine), data, since, closing: closing_desk };
        let desk = Arc::new(desk);
        let mut others = vec![tokio::spawn(socket::serve(operators, desk, closing.clone()))];
        if let Some(every) = options.tick_every {
            others.push(tokio::spawn(keep_time(Arc::clone(&engine), every, closing.clone())));
        }
        let http = tokio::spawn(serve(listener, face, closing));
        Ok(Self { address, engine, metrics, close, http, others, drain })
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn engine(&self) -> &Arc<Engine> {
        &self.engine
    }

    pub fn metrics(&self) -> &Arc<Metrics> {
        &self.metrics
    }

    /// Returns when HTTP is no longer answered although nobody asked for an end: a fault of the program. A process that
    /// stayed up then would look alive to its supervisor.
    pub async fn broken(&mut self) {
        let ended = (&mut self.http).await;
        if let Err(error) = ended {
            tracing::error!(panicked = error.is_panic(), "answering HTTP ended by itself");
        }
        // So that stopping finds one that has ended.
        self.http = tokio::spawn(async { Ok(false) });
    }

    /// Takes no more connections, lets requests and orders finish, and lets go of the folder. False: some were cut off.
    pub async fn stop(self) -> bool {
        let Self { address: _, engine, metrics, close, http, others, drain } = self;
        let until = tokio::time::Instant::now() + drain;
        close.send_replace(true);
        let mut drained = http.await.is_ok_and(|ended| ended.unwrap_or(false));
        for other in others {
            // Orders and the clock's work are done in small transactions: one that is cut off is taken up by the next.
            drained &= tokio::time::timeout_at(until, other).await.is_ok();
        }
        // They read the engine's counts.
        drop(metrics);
        // The folder is free when the last task has let go of the engine; one that the caller holds is not waited for.
        for _ in 0..LETTING_GO {
            if Arc::strong_count(&engine) == 1 {
                break;
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        drained
    }
}

/// Does what is due. Repeating a tick changes nothing, so a failed one is simply done again.
async fn keep_time(engine: Arc<Engine>, every: Duration, mut closing: watch::Receiver<bool>) {
    let mut wait = Duration::ZERO;
    loop {
        tokio::select! {
            biased;
            () = closed(&mut closing) => return,
            () = tokio::time::sleep(wait) => {}
        }
        let (ticking, now) = (Arc::clone(&engine), engine.now());
        wait = every;
        match tokio::task::spawn_blocking(move || ticking.tick(now)).await {
            Ok(Ok(ticked)) => {
                let due = ticked.next.and_then(|next| (next - engine.now()).to_std().ok());
                // What is due already and could not be done is not tried again without a breath.
                wait = due.map_or(every, |due| due.clamp(BREATH.min(every), every));
                if ticked.commands + ticked.lapsed + ticked.erased > 0 {
                    tracing::info!(ticked.commands, ticked.lapsed, ticked.erased, "the clock's work");
                }
            }
            Ok(Err(refused)) => tracing::warn!(detail = refused.detail, "the clock's work failed"),
            Err(_) => tracing::error!("the clock's work ended in a panic"),
        }
    }
}

/// The shortest between two looks at the clock.
const BREATH: Duration = Duration::from_secs(1);

/// A server with a runtime of its own, for callers that are not asynchronous: tests, the demonstration, benchmarks.
#[derive(Debug)]
pub struct Running {
    server: Server,
    runtime: Runtime,
}

impl Running {
    /// # Errors
    /// [`Server::start`]'s, or the runtime's.
    pub fn start(options: ServeOptions) -> Result<Self, ServeError> {
        let runtime = runtime(None).map_err(ServeError::Runtime)?;
        let server = runtime.block_on(Server::start(options))?;
        Ok(Self { server, runtime })
    }

    pub fn server(&self) -> &Server {
        &self.server
    }

    /// Graceful; true: nothing was cut off.
    pub fn stop(self) -> bool {
        let Self { server, runtime } = self;
        runtime.block_on(server.stop())
    }
}

/// `threads`: none is as many as there are cores.
///
/// # Errors
/// The system gives no threads.
pub fn runtime(threads: Option<usize>) -> io::Result<Runtime> {
    let mut builder = tokio::runtime::Builder::new_multi_thread();
    builder.enable_all().thread_name("skolebro");
    if let Some(threads) = threads {
        builder.worker_threads(threads.max(1));
    }
    builder.build()
}
