#include "engine/app/engine.h"

#include "engine/app/access/access_room.h"
#include "engine/app/adapters/catalogue_adapters.h"
#include "engine/app/adapters/lifecycle_adapters.h"
#include "engine/app/adapters/listener_lists.h"
#include "engine/app/adapters/measurement_adapter.h"
#include "engine/app/adapters/observability/diagnosis_facts.h"
#include "engine/app/announcement.h"
#include "engine/app/events_room.h"
#include "engine/app/jobs_room.h"
#include "engine/app/observability_room.h"
#include "engine/app/preload.h"
#include "engine/app/settings_keeper/settings_keeper.h"
#include "engine/base/clock.h"
#include "engine/base/logs/log_control.h"
#include "engine/base/qt_executor.h"
#include "engine/grpc/grpc_server.h"
#include "engine/ipc/thread_manner.h"
#include "engine/lifecycle/memory/machine_probe.h"
#include "engine/lifecycle/memory/memory_estimator.h"
#include "engine/rest/rest_server.h"
#include "engine/service/local_inference_service.h"
#include "engine/service/local_model_service.h"
#include "engine/service/local_queue_service.h"
#include "engine/service/local_system_service.h"

#include <QCoreApplication>

#include <set>
#include <utility>

namespace mm::app {
namespace {

std::shared_ptr<ipc::DeviceTurns> deviceTurns() {
    Result<ipc::DeviceTurns> turns = ipc::DeviceTurns::create();
    if (turns.ok())
        return std::make_shared<ipc::DeviceTurns>(std::move(turns).value());
    log::write(log::Level::Warning, "workers compute without turns", turns.error());
    return nullptr;
}

lifecycle::LifecycleOptions lifecycleOptions(const Settings& settings, std::shared_ptr<ipc::DeviceTurns> turns) {
    lifecycle::LifecycleOptions options;
    options.worker.program = settings.workerProgram.empty()
                                 ? QCoreApplication::applicationDirPath().toStdString() + "/modelmora-worker"
                                 : settings.workerProgram.string();
    options.worker.turns = std::move(turns);
    options.worker.loadTimeout = settings.loadTimeout;
    options.worker.cancelGrace = settings.cancelGrace;
    options.worker.stepTimeout = settings.stepTimeout;
    options.drainTimeout = settings.drainTimeout;
    options.memory = {settings.memoryBudget, settings.gpuMemoryBudget};
    options.evictionPolicy = settings.evictionPolicy;
    options.maxLoadedModels = settings.maxLoadedModels;
    options.minimumStay = settings.minimumStay;
    options.idleUnload = settings.idleUnload;
    return options;
}

inference::DispatcherOptions dispatcherOptions(const Settings& settings) {
    inference::DispatcherOptions options;
    options.maxRequests = static_cast<std::size_t>(settings.maxWaiting);
    options.maxRequestsPerModel = static_cast<std::size_t>(settings.maxWaitingPerModel);
    options.maxBytes = settings.maxWaitingBytes;
    options.ageing = settings.ageing;
    options.clientWeights = settings.clientWeights;
    return options;
}

rest::RestOptions restOptions(const Settings& settings) {
    rest::RestOptions options;
    options.listen = settings.restAddress;
    options.tls = settings.tls;
    options.limits.request.maxBodyBytes = settings.maxBodyBytes;
    options.limits.maxConnections = settings.maxConnections;
    options.contract = {settings.cors, settings.compression, settings.maxBodyBytes};
    options.limits.maxConnectionsPerAddress = settings.maxConnections;
    options.drainTime = settings.drainTimeout;
    return options;
}

GrpcServer::Options grpcOptions(const Settings& settings) {
    GrpcServer::Options options;
    options.address = settings.grpcAddress;
    options.maxMessageBytes = static_cast<std::size_t>(settings.grpcMaxMessageBytes);
    options.keepalive = settings.grpcKeepalive;
    options.maxStreams = settings.grpcMaxStreams;
    options.tls = settings.tls;
    return options;
}

std::string boundAddress(const std::string& asked, int port) {
    return asked.substr(0, asked.rfind(':') + 1) + std::to_string(port);
}

void logDefinitions(const Result<registry::DefinitionsReport>& report) {
    if (!report.ok())
        return log::write(log::Level::Error, "definitions not loaded", report.error());
    for (const auto& problem : report->problems)
        log::write(log::Level::Error, "definition refused", problem.error,
                   {{"file", problem.file}, {"line", problem.line}});
    log::info("definitions loaded", {{"registered", report->registered},
                                     {"updated", report->updated},
                                     {"unchanged", report->unchanged},
                                     {"refused", report->problems.size()}});
}

} // namespace

// Members in the order they are made; they go in reverse.
struct Engine::Parts {
    explicit Parts(const Settings& s) : settings(s), keeper(s, executor) {}

    Result<void> openState();
    void connectContexts();
    Result<void> openJobs();
    void takeChanges();
    Result<void> startFaces();
    void loadDefinitions(std::function<void()> ready);
    void preloadModels();
    void stopFaces(std::function<void()> drained);
    void stopModels();

    const Settings settings; // as they were at the start
    SystemClock clock;
    QtExecutor executor;
    SettingsKeeper keeper;
    const std::shared_ptr<ipc::DeviceTurns> turns = deviceTurns();
    std::unique_ptr<EventsRoom> events;
    std::unique_ptr<AccessRoom> access;
    std::unique_ptr<registry::Catalogue> catalogue;
    std::unique_ptr<CatalogueDirectory> directory;
    std::unique_ptr<CatalogueResolver> resolver;
    LifecycleLog lifecycleLog;
    std::unique_ptr<ObservabilityRoom> observability;
    InferenceListeners inferenceListeners;
    LifecycleListeners lifecycleListeners;
    lifecycle::MachineProbe memory;
    std::unique_ptr<CatalogueMeasurements> measurements;
    std::unique_ptr<lifecycle::MemoryEstimator> estimator;
    DispatcherDemand demand;
    std::unique_ptr<lifecycle::LifecycleManager> lifecycle;
    std::unique_ptr<LifecycleLeases> leases;
    std::unique_ptr<inference::Dispatcher> dispatcher;
    std::unique_ptr<JobsRoom> jobs;
    std::unique_ptr<service::LocalModelService> models;
    std::unique_ptr<service::LocalInferenceService> inferences;
    std::unique_ptr<service::ResourceMeter> resources;
    std::unique_ptr<service::LocalSystemService> system;
    std::unique_ptr<service::LocalQueueService> queue;
    std::unique_ptr<rest::RestServer> rest;
    std::unique_ptr<GrpcServer> grpc;
    std::string restAddress;
    std::string grpcAddress;
    std::unique_ptr<Announcement> announcement;
    std::function<void()> stopped;
};

Result<void> Engine::Parts::openState() {
    MM_TRY(catalogue, registry::Catalogue::open({settings.dataDir, executor, clock}));
    events = std::make_unique<EventsRoom>(settings, clock, executor);
    catalogue->addListener(events->registry());
    MM_TRY(observability, ObservabilityRoom::open(settings, clock, executor));
    MM_TRY(access, AccessRoom::open(settings, {events->log(), clock, executor}));
    return {};
}

void Engine::Parts::connectContexts() {
    directory = std::make_unique<CatalogueDirectory>(*catalogue, settings.threads);
    resolver = std::make_unique<CatalogueResolver>(*catalogue);
    measurements = std::make_unique<CatalogueMeasurements>(*catalogue);
    estimator = std::make_unique<lifecycle::MemoryEstimator>(*measurements, memory);
    lifecycleListeners.add(lifecycleLog);
    lifecycleListeners.add(events->lifecycle());
    observability->listen(lifecycleListeners, inferenceListeners);
    inferenceListeners.add(events->inference());
    inferenceListeners.add(access->charges());
    lifecycle = std::make_unique<lifecycle::LifecycleManager>(
        lifecycleOptions(settings, turns),
        lifecycle::LifecycleManager::Ports{*directory, lifecycleListeners, clock, executor, memory, *estimator,
                                           *measurements, &demand});
    leases = std::make_unique<LifecycleLeases>(*lifecycle);
    dispatcher = std::make_unique<inference::Dispatcher>(
        dispatcherOptions(settings),
        inference::Dispatcher::Ports{*resolver, *leases, clock, executor, &inferenceListeners});
    events->inference().setDepth([this] { return dispatcher->waiting(); });
    demand.connect(*dispatcher);
    models = std::make_unique<service::LocalModelService>(
        executor, *catalogue, *lifecycle, [this](const std::string& key, const Error& why) {
            return jobs->endModel(key, why) + dispatcher->endModel(key, why);
        });
    inferences = std::make_unique<service::LocalInferenceService>(executor, *dispatcher);
    resources = std::make_unique<service::ResourceMeter>(settings.dataDir);
    system = std::make_unique<service::LocalSystemService>(
        service::LocalSystemService::Parts{executor, *catalogue, *lifecycle, *dispatcher, clock, *resources});
    queue = std::make_unique<service::LocalQueueService>(executor, *dispatcher);
    observability->connect({*catalogue, *lifecycle, *dispatcher, memory},
                           [this] { return diagnosisFacts(keeper.inForce()); });
}

Result<void> Engine::Parts::openJobs() {
    MM_TRY(jobs, JobsRoom::open(settings, {*resolver, *dispatcher, dispatcherOptions(settings), clock, executor,
                                           observability->jobs(events->jobs())}));
    return {};
}

// Whoever is not named here reads its settings at the start only.
void Engine::Parts::takeChanges() {
    keeper.give(TakenBy::Lifecycle,
                [this](const Settings& now) { lifecycle->setOptions(lifecycleOptions(now, turns)); });
    keeper.give(TakenBy::Requests, [this](const Settings& now) { dispatcher->setOptions(dispatcherOptions(now)); });
    keeper.give(TakenBy::Jobs, [this](const Settings& now) { jobs->setOptions(now); });
    keeper.give(TakenBy::Events, [this](const Settings& now) { events->setOptions(now); });
    keeper.give(TakenBy::Observability, [this](const Settings& now) { observability->setOptions(now); });
    keeper.give(TakenBy::LogLevel, [](const Settings& now) { log::setLevel(now.logLevel); });
    // The level may be another for the time being.
    keeper.give(TakenBy::LogFormat, [](const Settings& now) { log::configure(log::level(), now.logFormat); });
    keeper.setListener([this](const std::set<std::string>& names) { events->settingsChanged(names); });
}

Result<void> Engine::Parts::startFaces() {
    const service::Services services =
        access->serve({*models, *inferences, *system, *queue, jobs->service(), events->service(),
                       observability->service(), access->service(), keeper});
    rest = std::make_unique<rest::RestServer>(services, restOptions(settings));
    grpc = std::make_unique<GrpcServer>(grpcOptions(settings), services);
    MM_TRY(const int restPort, rest->start());
    MM_TRY(const int grpcPort, grpc->start());
    restAddress = boundAddress(settings.restAddress, restPort);
    grpcAddress = boundAddress(settings.grpcAddress, grpcPort);
    return {};
}

void Engine::Parts::loadDefinitions(std::function<void()> ready) {
    const auto announce = [this, ready = std::move(ready)] {
        if (auto written = Announcement::write(settings.dataDir, {restAddress, grpcAddress, settings.tls.isOn()});
            written.ok())
            announcement = std::move(written).value();
        else
            log::write(log::Level::Warning, "engine not announced", written.error());
        jobs->start();
        events->lifecycle().onDevices(lifecycle->ledger().devices());
        events->started(restAddress, grpcAddress);
        ready();
        preloadModels();
    };
    if (settings.definitionsDir.empty())
        return executor.post(announce);
    catalogue->loadDefinitions(settings.definitionsDir, [announce](auto report) {
        logDefinitions(report);
        announce();
    });
}

void Engine::Parts::preloadModels() {
    const std::vector<std::string> keys = modelsToPreload(*catalogue);
    if (!keys.empty())
        preload(keys, *lifecycle, executor, [wanted = keys.size()](int loaded) {
            log::info("models preloaded", {{"wanted", wanted}, {"loaded", loaded}});
        });
}

void Engine::Parts::stopFaces(std::function<void()> drained) {
    auto left = std::make_shared<int>(2);
    const auto oneDone = [this, left, drained = std::move(drained)] {
        executor.post([left, drained] {
            if (--*left == 0)
                drained();
        });
    };
    rest->beginStop(keeper.inForce().drainTimeout, oneDone);
    grpc->stopInBackground(keeper.inForce().drainTimeout, oneDone);
}

void Engine::Parts::stopModels() {
    jobs->stop();
    observability->stop();
    dispatcher->cancelAll({ErrorCode::ServiceUnavailable, "the engine is stopping; send the request again later"});
    lifecycle->shutdown([this] { stopped(); });
}

Engine::Engine(std::unique_ptr<Parts> parts) : m_parts(std::move(parts)) {}

Engine::~Engine() {
    // The faces go first: nothing may ask the services any more when they go.
    m_parts->grpc.reset();
    m_parts->rest.reset();
}

Result<std::unique_ptr<Engine>> Engine::start(const Settings& settings, std::function<void()> ready) {
    ipc::answerPromptly();
    std::unique_ptr<Engine> engine(new Engine(std::make_unique<Parts>(settings)));
    MM_CHECK(engine->m_parts->openState());
    engine->m_parts->connectContexts();
    MM_CHECK(engine->m_parts->openJobs());
    engine->m_parts->takeChanges();
    MM_CHECK(engine->m_parts->startFaces());
    engine->m_parts->loadDefinitions(std::move(ready));
    return engine;
}

void Engine::stop(std::function<void()> done) {
    if (m_parts->stopped) {
        log::info("stopping at once");
        return m_parts->stopModels();
    }
    m_parts->stopped = std::move(done);
    m_parts->events->stopping();
    m_parts->stopFaces([this] { m_parts->stopModels(); });
}

const std::string& Engine::restAddress() const {
    return m_parts->restAddress;
}
const std::string& Engine::grpcAddress() const {
    return m_parts->grpcAddress;
}
std::shared_ptr<grpc::Channel> Engine::inProcessChannel() const {
    return m_parts->grpc->inProcessChannel();
}
const std::string& Engine::ownKey() const {
    return m_parts->access->ownKey();
}

} // namespace mm::app
