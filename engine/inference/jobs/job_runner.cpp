#include "engine/inference/jobs/job_runner.h"

#include "engine/base/log.h"
#include "engine/inference/input_kind.h"
#include "engine/inference/jobs/job_admission.h"

#include <algorithm>
#include <utility>

namespace mm::inference {
namespace {

constexpr std::chrono::seconds kSweepEvery{60};

std::string requestIdOf(const JobLanes::Piece& piece) {
    return piece.job + "." + std::to_string(piece.piece);
}

// The piece's own error, and of which inputs it speaks.
Error inJob(const std::string& id, const JobStorage::Piece& piece, const Error& error) {
    Error told = error;
    told.facts.insert({"job_id", id});
    if (piece.inputs == 0)
        return told; // it could not be read, so nothing is known of its inputs
    const std::int64_t last = piece.firstInput + piece.inputs - 1;
    told.message = "Inputs " + std::to_string(piece.firstInput) + " to " + std::to_string(last) + ": " + error.message;
    told.facts.insert({{"first_input", piece.firstInput}, {"last_input", last}});
    return told;
}

} // namespace

JobRunner::JobRunner(JobSettings settings, DispatcherOptions limits, Ports ports)
    : m_settings(settings), m_limits(limits), m_ports(ports), m_lanes(settings.piecesPerLane, settings.piecesInAll) {
    QObject::connect(&m_sweepTimer, &QTimer::timeout, &m_context, [this] { sweep(); });
}

JobRunner::~JobRunner() = default;

void JobRunner::setSettings(const JobSettings& settings) {
    MM_ASSERT_THREAD(m_ports.engineThread);
    m_settings = settings;
    ask<void>(
        [settings](JobStorage& storage) {
            storage.setSettings(settings);
            return Result<void>();
        },
        [](auto&&) {});
}

JobRunner::Active* JobRunner::active(const std::string& id) {
    const auto found = m_active.find(id);
    return found == m_active.end() ? nullptr : &found->second;
}

void JobRunner::later(std::chrono::milliseconds pause, std::function<void()> what) {
    QTimer::singleShot(pause, &m_context, std::move(what));
}

void JobRunner::start() {
    MM_ASSERT_THREAD(m_ports.engineThread);
    ask<std::vector<UnfinishedJob>>([](JobStorage& storage) { return storage.restore(); },
                                    [this](Result<std::vector<UnfinishedJob>> jobs) {
                                        if (!jobs.ok())
                                            return log::write(log::Level::Error, "unfinished jobs not read",
                                                              jobs.error());
                                        restore(std::move(jobs).value());
                                    });
    m_sweepTimer.start(kSweepEvery);
    sweep();
}

void JobRunner::restore(std::vector<UnfinishedJob> jobs) {
    for (UnfinishedJob& found : jobs) {
        // Accepted by this engine while the rows were read.
        if (m_active.contains(found.job.id))
            continue;
        int most = 0;
        for (const StartedPiece& piece : found.started)
            most = std::max(most, piece.starts);
        adopt(found.job, std::move(found.started), found.done);
        if (givenUp(most, m_settings))
            end(found.job.id, v1::JOB_STATUS_FAILED, gaveUp(most, "The last time, the engine ended."));
        else
            finishIfDone(found.job.id);
    }
    if (!jobs.empty())
        log::info("unfinished jobs go on", {{"jobs", jobs.size()}});
    pump();
}

void JobRunner::adopt(const Job& job, std::vector<StartedPiece> started, const std::vector<PieceSpan>& done) {
    Active& entry = m_active[job.id];
    entry.client = job.client;
    entry.modelKey = job.modelKey;
    entry.inputsDone = job.inputsDone;
    entry.inputsTotal = job.inputsTotal;
    entry.pieces = job.pieces;
    std::set<int> suspects;
    for (const StartedPiece& piece : started) {
        entry.starts[piece.piece] = piece.starts;
        if (piece.starts > 0)
            suspects.insert(piece.piece);
    }
    std::set<int> finished;
    for (const PieceSpan& span : done)
        finished.insert(span.piece);
    std::deque<int> waiting;
    for (int piece = 0; piece < job.pieces; ++piece)
        if (!finished.contains(piece))
            waiting.push_back(piece);
    m_lanes.add(job.id, {job.priority, job.modelKey, job.client}, std::move(waiting), std::move(suspects));
}

Result<Job> JobRunner::draft(const v1::InferenceRequest& request, const std::string& client) const {
    MM_TRY(Job job, draftJob(request.job(), m_settings));
    MM_CHECK(checkTimeout(request.timeout_seconds(), m_limits));
    MM_CHECK(checkEmbeddingFormat(request));
    MM_TRY(const ResolvedModel model, m_ports.catalogue.resolve(request.model_id()));
    MM_CHECK(checkInput(model, request.input_data()));
    job.client = client;
    job.modelKey = model.key;
    job.modelId = model.modelId;
    job.priority = request.priority() == v1::PRIORITY_UNSPECIFIED ? v1::PRIORITY_NORMAL : request.priority();
    return job;
}

void JobRunner::stop() {
    m_stopping = true;
    m_sweepTimer.stop();
}

void JobRunner::submit(std::shared_ptr<const v1::InferenceRequest> request, const std::string& client,
                       Reply<Job> reply) {
    MM_ASSERT_THREAD(m_ports.engineThread);
    if (m_stopping)
        return reply(Error{ErrorCode::ServiceUnavailable, "the engine is stopping; send the job again later"});
    auto made = draft(*request, client);
    if (!made.ok())
        return reply(std::move(made).error());
    ask<Job>([job = std::move(made).value(),
              request](JobStorage& storage) mutable { return storage.accept(std::move(job), *request); },
             takingIn(std::move(reply)));
}

void JobRunner::retry(const std::string& id, Reply<Job> reply) {
    MM_ASSERT_THREAD(m_ports.engineThread);
    if (m_stopping)
        return reply(Error{ErrorCode::ServiceUnavailable, "the engine is stopping; try the job again later"});
    get(id, [this, reply = std::move(reply)](Result<Job> job) {
        if (!job.ok())
            return reply(std::move(job));
        if (const auto model = m_ports.catalogue.resolve(job->modelKey); !model.ok())
            return reply(model.error());
        ask<Job>([id = job->id](JobStorage& storage) { return storage.retry(id); }, takingIn(reply));
    });
}

// What the disk has becomes work; one that is there already (by its key) stays what it is.
Reply<Job> JobRunner::takingIn(Reply<Job> reply) {
    return [this, reply = std::move(reply)](Result<Job> job) {
        if (job.ok() && job->status == v1::JOB_STATUS_QUEUED && !m_active.contains(job->id)) {
            log::info(
                "job accepted",
                {{"job_id", job->id}, {"model", job->modelKey}, {"client", job->client}, {"inputs", job->inputsTotal}});
            adopt(*job, {}, {});
            m_ports.listener.onJobAccepted(*job);
        }
        reply(std::move(job));
        pump();
    };
}

void JobRunner::get(const std::string& id, Reply<Job> reply) {
    ask<Job>([id](JobStorage& storage) { return storage.get(id); }, std::move(reply));
}

void JobRunner::list(JobFilter filter, Reply<JobPage> reply) {
    ask<JobPage>([filter = std::move(filter)](JobStorage& storage) { return storage.list(filter); }, std::move(reply));
}

void JobRunner::result(const std::string& id, Reply<JobStorage::Response> reply) {
    ask<JobStorage::Response>([id](JobStorage& storage) { return storage.result(id); }, std::move(reply));
}

void JobRunner::openResult(const std::string& id, Reply<JobStorage::OpenResult> reply) {
    ask<JobStorage::OpenResult>([id](JobStorage& storage) { return storage.openResult(id); }, std::move(reply));
}

void JobRunner::sweep() {
    ask<void>([](JobStorage& storage) { return storage.sweep(); },
              [](Result<void> swept) {
                  if (!swept.ok())
                      log::write(log::Level::Warning, "expired jobs not removed", swept.error());
              });
}

// Takes whatever may be under way now. Called again from within (a refusal comes at once), it lets the outer one go on.
void JobRunner::pump() {
    if (m_pumping || m_stopping)
        return;
    m_pumping = true;
    while (const auto piece = m_lanes.takeNext())
        begin(*piece);
    m_pumping = false;
}

void JobRunner::begin(const Piece& piece) {
    ask<JobStorage::PieceRequest>(
        [piece](JobStorage& storage) { return storage.startPiece(piece.job, piece.piece); },
        [this, piece](Result<JobStorage::PieceRequest> request) { onStarted(piece, std::move(request)); });
}

void JobRunner::onStarted(const Piece& piece, Result<JobStorage::PieceRequest> request) {
    Active* job = active(piece.job);
    if (job == nullptr || job->closing)
        return;
    if (!request.ok())
        return onError(piece, {piece.piece, 0, 0}, request.error());
    ++job->starts[piece.piece];
    const JobStorage::Piece facts = request->piece;
    if (m_stopping)
        return onError(piece, facts, {ErrorCode::ServiceUnavailable, "the engine is stopping"});
    const std::string requestId = requestIdOf(piece);
    m_submitted.emplace(requestId, piece);
    auto message = std::make_shared<v1::InferenceRequest>(std::move(request->request));
    message->set_request_id(requestId);
    m_ports.pieces.submit(std::move(message), {requestId, job->client},
                          [this, piece, facts, alive = std::weak_ptr(m_alive)](auto answer) {
                              if (!alive.expired())
                                  onAnswer(piece, facts, std::move(answer));
                          });
}

void JobRunner::onAnswer(const Piece& piece, const JobStorage::Piece& facts, Result<PieceDispatch::Response> answer) {
    m_submitted.erase(requestIdOf(piece));
    const Active* job = active(piece.job);
    if (job == nullptr || job->closing)
        return;
    if (!answer.ok())
        return onError(piece, facts, answer.error());
    keep(piece, facts, std::move(answer).value());
}

// The answer stays here until the disk has it: it is not computed twice because the disk was full.
void JobRunner::keep(const Piece& piece, const JobStorage::Piece& facts, PieceDispatch::Response response) {
    ask<void>(
        [piece, facts, response](JobStorage& storage) { return storage.finishPiece(piece.job, facts, *response); },
        [this, piece, facts, response](Result<void> kept) {
            Active* job = active(piece.job);
            if (job == nullptr || job->closing)
                return;
            if (kept.ok()) {
                job->starts.erase(piece.piece);
                job->refusals.erase(piece.piece);
                m_lanes.done(piece);
                job->inputsDone += facts.inputs;
                m_ports.listener.onJobProgress(
                    {piece.job, job->modelKey, job->client, job->inputsDone, job->inputsTotal});
                finishIfDone(piece.job);
                return pump();
            }
            if (kept.error().code != ErrorCode::StorageFull)
                return end(piece.job, v1::JOB_STATUS_FAILED, kept.error());
            log::write(log::Level::Warning, "a piece's result waits for room on the disk", kept.error(),
                       {{"job_id", piece.job}});
            const auto verdict = judge(kept.error(), {1, job->refusals[piece.piece]++}, m_settings);
            later(verdict.after, [this, piece, facts, response] {
                if (active(piece.job) != nullptr)
                    keep(piece, facts, response);
            });
        });
}

void JobRunner::onError(const Piece& piece, const JobStorage::Piece& facts, const Error& error) {
    Active& job = m_active.at(piece.job);
    const int starts = job.starts[piece.piece];
    const auto giveStartBack = [&] {
        if (facts.inputs == 0)
            return; // it was not started
        --job.starts[piece.piece];
        ask<void>([piece](JobStorage& storage) { return storage.returnPiece(piece.job, piece.piece); },
                  [](Result<void> returned) {
                      if (!returned.ok())
                          log::write(log::Level::Warning, "a piece keeps a start that it did not have",
                                     returned.error());
                  });
    };
    if (m_stopping)
        return giveStartBack();
    const PieceVerdict verdict = judge(error, {starts, job.refusals[piece.piece]}, m_settings);
    switch (verdict.next) {
    case PieceVerdict::Next::Fail:
        return end(piece.job, v1::JOB_STATUS_FAILED,
                   inJob(piece.job, facts, verdict.suspect ? gaveUp(starts, error.message) : error));
    case PieceVerdict::Next::Cancel:
        return end(piece.job, v1::JOB_STATUS_CANCELLED,
                   inJob(piece.job, facts, {ErrorCode::RequestCancelled, "the piece's request was cancelled"}));
    case PieceVerdict::Next::Again:
        break;
    }
    log::write(log::Level::Warning, "a job's piece runs again", error,
               {{"job_id", piece.job}, {"piece", piece.piece}, {"after_ms", verdict.after.count()}});
    if (!verdict.suspect) {
        ++job.refusals[piece.piece];
        giveStartBack();
    }
    runAgain(piece, verdict);
}

// The whole job pauses: what ended this piece awaits its neighbours as well.
void JobRunner::runAgain(const Piece& piece, const PieceVerdict& verdict) {
    m_lanes.again(piece, verdict.suspect);
    m_lanes.pause(piece.job, true);
    later(verdict.after, [this, id = piece.job] {
        m_lanes.pause(id, false);
        pump();
    });
    pump();
}

void JobRunner::finishIfDone(const std::string& id) {
    Active* job = active(id);
    if (job == nullptr || job->closing || !m_lanes.allDone(id))
        return;
    job->closing = true;
    complete(id);
}

} // namespace mm::inference
