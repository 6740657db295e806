#include "engine/inference/jobs/store/job_storage.h"

#include "engine/base/ids.h"
#include "engine/base/log.h"
#include "engine/inference/input_kind.h"
#include "engine/inference/jobs/store/record_file.h"
#include "engine/ipc/facts.h"

#include <algorithm>

namespace mm::inference {
namespace {

namespace fs = std::filesystem;

constexpr const char* kRequest = ".request"; // what is shared by all pieces, then the pieces
constexpr const char* kParts = ".parts";     // the answers of pieces, in the order of their ends
constexpr const char* kResult = ".result";   // the pieces' outputs in order, then the answer without them
constexpr const char* kTemporary = ".new";
constexpr std::int64_t kMaxAnswerBytes = std::int64_t{1} << 30;
constexpr std::size_t kNumberBytes = 8;

std::string withNumber(std::int64_t number, const google::protobuf::MessageLite& message) {
    std::string bytes;
    for (std::size_t i = 0; i < kNumberBytes; ++i)
        bytes.push_back(static_cast<char>((static_cast<std::uint64_t>(number) >> (8 * i)) & 0xffU));
    message.AppendToString(&bytes);
    return bytes;
}

std::int64_t numberOf(std::string_view bytes) {
    std::uint64_t number = 0;
    for (std::size_t i = kNumberBytes; i-- > 0;)
        number = (number << 8U) | static_cast<unsigned char>(bytes[i]);
    return static_cast<std::int64_t>(number);
}

Error damaged(const fs::path& file, const std::string& what) {
    return {ErrorCode::StorageDamaged,
            file.string() + " is damaged: " + what + ".",
            {{"file", file.string()}, {"reason", what}}};
}

Result<void> parse(const fs::path& file, std::string_view bytes, google::protobuf::MessageLite& message) {
    if (message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size())))
        return {};
    return damaged(file, "a record in it is whole, but not what was expected there");
}

} // namespace

Result<std::unique_ptr<JobStorage>> JobStorage::open(fs::path folder, JobSettings settings,
                                                     std::unique_ptr<JobStore> store, const Clock& clock) {
    std::error_code failed;
    fs::create_directories(folder, failed);
    if (failed)
        return Error{ErrorCode::StorageFailed,
                     "The folder of jobs " + folder.string() + " cannot be made: " + failed.message() + ".",
                     {{"folder", folder.string()}}};
    MM_CHECK(syncFolder(folder.parent_path()));
    return std::unique_ptr<JobStorage>(new JobStorage(std::move(folder), settings, std::move(store), clock));
}

fs::path JobStorage::fileOf(const std::string& id, const char* kind) const {
    return m_folder / (id + kind);
}

Result<void> JobStorage::checkRoom(std::int64_t bytes) const {
    MM_TRY(const std::int64_t unfinished, m_store->countUnfinished());
    if (unfinished >= m_settings.maxUnfinished)
        return Error{ErrorCode::QueueFull,
                     std::to_string(unfinished) + " jobs are unfinished and no more are taken; try again later",
                     {{"unfinished", unfinished},
                      {"limit", m_settings.maxUnfinished},
                      {"retry_after_seconds", std::int64_t{10}}}};
    if (bytes > m_settings.maxPayloadBytes)
        return Error{ErrorCode::PayloadTooLarge,
                     "The job's inputs are " + std::to_string(bytes) + " bytes, more than the " +
                         std::to_string(m_settings.maxPayloadBytes) + " that one job may have; send several.",
                     {{"bytes", bytes}, {"limit_bytes", m_settings.maxPayloadBytes}}};
    std::error_code failed;
    const fs::space_info space = fs::space(m_folder, failed);
    if (!failed && static_cast<std::int64_t>(space.available) < bytes + m_settings.reservedDiskBytes)
        return Error{ErrorCode::StorageFull,
                     "The disk of " + m_folder.string() + " has " + std::to_string(space.available) +
                         " bytes left, and the job needs " + std::to_string(bytes + m_settings.reservedDiskBytes) +
                         ". It was not accepted; free some space and send it again.",
                     {{"bytes_free", static_cast<std::int64_t>(space.available)},
                      {"bytes_needed", bytes + m_settings.reservedDiskBytes}}};
    return {};
}

Result<void> JobStorage::keepInputsWithin(std::int64_t bytes) {
    MM_TRY(const auto ids, m_store->inputsBeyond(bytes));
    for (const std::string& id : ids) {
        removeFiles(id, Keep::Nothing);
        MM_CHECK(m_store->markRemoved(id));
        log::info("inputs of a job that is over gave way", {{"job_id", id}});
    }
    return {};
}

Result<void> JobStorage::makeRoom(std::int64_t bytes) {
    Result<void> room = checkRoom(bytes);
    if (room.ok() || room.error().code != ErrorCode::StorageFull)
        return room;
    MM_CHECK(keepInputsWithin(0));
    return checkRoom(bytes);
}

Result<void> JobStorage::writeRequest(Job& job, const v1::InferenceRequest& request) const {
    const fs::path temporary = fileOf(job.id, kTemporary);
    MM_TRY(RecordWriter writer, RecordWriter::create(temporary));
    MM_CHECK(writer.append(sharedPart(request).SerializeAsString()));
    job.inputsTotal = 0;
    job.pieces = 0;
    const auto append = [&](const v1::InputData& piece) -> Result<void> {
        MM_CHECK(writer.append(withNumber(job.inputsTotal, piece)));
        job.inputsTotal += inputCount(piece);
        ++job.pieces;
        return {};
    };
    MM_CHECK(cutIntoPieces(request.input_data(), m_settings.piece, append));
    job.payloadBytes = writer.bytes();
    return writer.publish(fileOf(job.id, kRequest));
}

Result<Job> JobStorage::accept(Job draft, const v1::InferenceRequest& request) {
    draft.contentSha256 = contentHash(request);
    if (!draft.idempotencyKey.empty()) {
        MM_TRY(const auto known, m_store->findByKey(draft.client, draft.idempotencyKey));
        if (known && known->contentSha256 != draft.contentSha256)
            return invalidField("idempotency_key", "was used for the job " + known->id +
                                                       " with another model, other inputs or other settings; take a "
                                                       "new key for a new request");
        if (known)
            return *known;
    }
    MM_CHECK(makeRoom(static_cast<std::int64_t>(request.ByteSizeLong())));
    draft.id = newUuid();
    draft.createdAt = m_clock.wallNow();
    draft.status = v1::JOB_STATUS_QUEUED;
    v1::InferenceRequest pinned = request;
    pinned.set_model_id(draft.modelKey);
    auto kept = writeRequest(draft, pinned);
    if (kept.ok())
        kept = m_store->insert(draft);
    if (!kept.ok()) {
        removeFiles(draft.id, Keep::Nothing);
        return std::move(kept).error();
    }
    return draft;
}

// Nobody writes into a request that is on the disk, so that both jobs may have one and the same.
Result<Job> JobStorage::retry(const std::string& id) {
    MM_TRY(const Job old, m_store->get(id));
    MM_CHECK(checkRetry(old, m_clock.wallNow()));
    MM_CHECK(checkRoom(0));
    Job job = retryOf(old);
    job.id = newUuid();
    job.createdAt = m_clock.wallNow();
    const fs::path request = fileOf(job.id, kRequest);
    std::error_code failed;
    fs::create_hard_link(fileOf(id, kRequest), request, failed);
    if (failed)
        return Error{ErrorCode::StorageFailed,
                     "The inputs of the job " + id + " cannot be used again: " + failed.message() + ".",
                     {{"job_id", id}, {"file", fileOf(id, kRequest).string()}}};
    auto kept = syncFolder(m_folder);
    if (kept.ok())
        kept = m_store->insert(job);
    if (!kept.ok()) {
        removeFiles(job.id, Keep::Nothing);
        return std::move(kept).error();
    }
    return job;
}

Result<std::vector<UnfinishedJob>> JobStorage::restore() {
    MM_CHECK(removeLeftovers());
    return m_store->loadUnfinished();
}

// The row is what counts: a file that no row speaks of is what a crash has left.
Result<void> JobStorage::removeLeftovers() {
    std::error_code failed;
    std::vector<fs::path> files;
    for (fs::directory_iterator at(m_folder, failed), end; !failed && at != end; at.increment(failed))
        files.push_back(at->path());
    if (failed)
        return Error{ErrorCode::StorageFailed,
                     "The folder of jobs " + m_folder.string() + " cannot be read: " + failed.message() + ".",
                     {{"folder", m_folder.string()}}};
    for (const fs::path& file : files) {
        const std::string id = file.stem().string();
        const std::string kind = file.extension().string();
        if (!isUuid(id))
            continue; // not ours
        const auto job = m_store->get(id);
        if (!job.ok() && job.error().code != ErrorCode::JobNotFound)
            return job.error();
        const bool unfinished = job.ok() && !isOver(job->status);
        const bool isKept = job.ok() && !unfinished && !job->resultRemoved;
        const bool wanted = (unfinished && kind != kResult && kind != kTemporary) ||
                            (isKept && kind == (job->status == v1::JOB_STATUS_COMPLETED ? kResult : kRequest));
        if (wanted)
            continue;
        fs::remove(file, failed);
        if (failed)
            log::warning("a file of a job that is over stays", {{"file", file.string()}, {"reason", failed.message()}});
    }
    return {};
}

Result<JobStorage::OpenJob*> JobStorage::opened(const std::string& id) {
    if (const auto known = m_open.find(id); known != m_open.end())
        return &known->second;
    const fs::path file = fileOf(id, kRequest);
    MM_TRY(const RecordReader reader, RecordReader::open(file));
    OpenJob job;
    MM_TRY(job.pieces, reader.index());
    if (job.pieces.empty())
        return damaged(file, "it holds nothing");
    MM_TRY(const auto shared, reader.read(job.pieces.front()));
    MM_CHECK(parse(file, shared.bytes, job.shared));
    job.pieces.erase(job.pieces.begin());
    MM_TRY(const auto spans, m_store->pieces(id));
    for (const PieceSpan& span : spans)
        job.partsEnd = std::max(job.partsEnd, span.ends);
    return &(m_open[id] = std::move(job));
}

Result<JobStorage::PieceRequest> JobStorage::startPiece(const std::string& id, int piece) {
    const fs::path file = fileOf(id, kRequest);
    MM_TRY(const OpenJob* job, opened(id));
    if (piece < 0 || static_cast<std::size_t>(piece) >= job->pieces.size())
        return damaged(file, "it holds " + std::to_string(job->pieces.size()) + " pieces and no piece " +
                                 std::to_string(piece));
    MM_TRY(const RecordReader reader, RecordReader::open(file));
    MM_TRY(const auto record, reader.read(job->pieces[static_cast<std::size_t>(piece)]));
    if (record.bytes.size() < kNumberBytes)
        return damaged(file, "its piece " + std::to_string(piece) + " is too short");
    PieceRequest made;
    made.request = job->shared;
    v1::InputData input;
    MM_CHECK(parse(file, std::string_view(record.bytes).substr(kNumberBytes), input));
    made.piece = {piece, numberOf(record.bytes), inputCount(input)};
    made.request.mutable_input_data()->MergeFrom(input);
    MM_CHECK(m_store->startPiece(id, piece, m_clock.wallNow()));
    return made;
}

Result<void> JobStorage::finishPiece(const std::string& id, const Piece& piece, const v1::InferenceResponse& response) {
    MM_TRY(OpenJob * job, opened(id));
    MM_TRY(RecordWriter writer, RecordWriter::resume(fileOf(id, kParts), job->partsEnd));
    PieceSpan span{piece.number};
    MM_TRY(span.begins, writer.append(response.SerializeAsString()));
    span.ends = writer.bytes();
    MM_CHECK(writer.sync());
    if (job->partsEnd == 0)
        MM_CHECK(syncFolder(m_folder));
    MM_CHECK(m_store->finishPiece(id, span, piece.inputs));
    job->partsEnd = span.ends;
    return {};
}

Result<ResultFile> JobStorage::assemble(const Job& job) {
    const fs::path partsFile = fileOf(job.id, kParts);
    MM_TRY(const auto spans, m_store->pieces(job.id));
    if (static_cast<int>(spans.size()) != job.pieces)
        return damaged(partsFile, std::to_string(spans.size()) + " of " + std::to_string(job.pieces) +
                                      " pieces are noted as done");
    MM_TRY(const RecordReader parts, RecordReader::open(partsFile));
    MM_TRY(RecordWriter writer, RecordWriter::create(fileOf(job.id, kTemporary)));
    v1::InferenceResponse whole;
    for (const PieceSpan& span : spans) {
        MM_TRY(const auto record, parts.read(span.begins));
        v1::InferenceResponse part;
        MM_CHECK(parse(partsFile, record.bytes, part));
        MM_CHECK(writer.append(part.output_data().SerializeAsString()));
        whole.set_model_id(part.model_id());
        addMetadata(*whole.mutable_metadata(), part.metadata());
    }
    whole.mutable_metadata()->set_request_id(job.id);
    whole.mutable_metadata()->set_total_time_ms(
        std::chrono::duration<double, std::milli>(m_clock.wallNow() - job.createdAt).count());
    MM_CHECK(writer.append(whole.SerializeAsString()));
    const ResultFile result{writer.bytes(), writer.sha256()};
    MM_CHECK(writer.publish(fileOf(job.id, kResult)));
    return result;
}

Result<Job> JobStorage::complete(const std::string& id) {
    MM_TRY(const Job job, m_store->get(id));
    MM_CHECK(checkTransition(job, v1::JOB_STATUS_COMPLETED));
    MM_TRY(const ResultFile result, assemble(job));
    MM_TRY(Job completed, m_store->complete(id, result, m_clock.wallNow()));
    removeFiles(id, Keep::Result);
    return completed;
}

Result<Job> JobStorage::end(const std::string& id, v1::JobStatus status, const Error& error) {
    MM_TRY(Job job, m_store->end(id, status, ipc::toProto(error), m_clock.wallNow()));
    removeFiles(id, Keep::Request);
    if (const auto within = keepInputsWithin(m_settings.maxKeptInputBytes); !within.ok())
        log::write(log::Level::Warning, "inputs of jobs that are over stay", within.error());
    return job;
}

Result<Job> JobStorage::forget(const std::string& id) {
    MM_TRY(Job job, m_store->get(id));
    if (!isOver(job.status))
        return Error{ErrorCode::IllegalTransition,
                     "The job " + id + " is not over; it cannot be forgotten before it is cancelled.",
                     {{"job_id", id}}};
    MM_CHECK(m_store->remove(id));
    removeFiles(id, Keep::Nothing);
    return job;
}

Result<JobStorage::OpenResult> JobStorage::openResult(const std::string& id) {
    MM_TRY(const Job job, m_store->get(id));
    MM_CHECK(checkResultReady(job, m_clock.wallNow()));
    return ResultReader::open(fileOf(id, kResult), job.resultBytes, job.resultSha256);
}

Result<JobStorage::Response> JobStorage::result(const std::string& id) {
    MM_TRY(const Job job, m_store->get(id));
    if (job.resultBytes > kMaxAnswerBytes)
        return Error{ErrorCode::PayloadTooLarge,
                     "The result of the job " + id + " is " + std::to_string(job.resultBytes) +
                         " bytes, more than one message can hold. Fetch it over REST, or send such a batch as several "
                         "jobs.",
                     {{"job_id", id}, {"bytes", job.resultBytes}, {"limit_bytes", kMaxAnswerBytes}}};
    MM_TRY(const OpenResult reader, openResult(id));
    auto response = std::make_shared<v1::InferenceResponse>(reader->frame());
    v1::OutputData outputs;
    for (std::size_t i = 0; i < reader->parts(); ++i) {
        MM_TRY(const v1::OutputData piece, reader->part(i));
        MM_CHECK(addOutput(outputs, piece));
    }
    *response->mutable_output_data() = std::move(outputs);
    return Response(std::move(response));
}

void JobStorage::removeFiles(const std::string& id, Keep keep) {
    m_open.erase(id);
    for (const char* kind : {kRequest, kParts, kTemporary, kResult}) {
        if ((keep == Keep::Result && kind == kResult) || (keep == Keep::Request && kind == kRequest))
            continue;
        std::error_code failed;
        fs::remove(fileOf(id, kind), failed);
        if (failed)
            log::warning("a file of a job that is over stays",
                         {{"file", fileOf(id, kind).string()}, {"reason", failed.message()}});
    }
}

Result<void> JobStorage::sweep() {
    const WallTime now = m_clock.wallNow();
    MM_TRY(const auto ids, m_store->expired(now));
    for (const std::string& id : ids) {
        removeFiles(id, Keep::Nothing);
        MM_CHECK(m_store->markRemoved(id));
        log::info("what was kept of a job expired", {{"job_id", id}});
    }
    MM_TRY(const int forgotten, m_store->forgetExpired(now - m_settings.keepFor));
    if (forgotten > 0)
        log::info("old jobs forgotten", {{"jobs", forgotten}});
    return {};
}

} // namespace mm::inference
