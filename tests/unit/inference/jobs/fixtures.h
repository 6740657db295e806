// What the tests of jobs share: requests of texts, and answers that show which texts they are for.
#pragma once

#include "engine/inference/jobs/store/job_storage.h"
#include "engine/inference/jobs/store/sqlite_job_store.h"
#include "engine/store/migrations.h"
#include "tests/support/manual_clock.h"

#include <QTemporaryDir>

#include <filesystem>
#include <memory>
#include <string>

namespace mm::inference::job_test {

inline std::filesystem::path pathIn(const QTemporaryDir& folder, const char* name) {
    return folder.filePath(QString::fromLatin1(name)).toStdString();
}

// Texts "0", "1", "2" …
inline v1::InferenceRequest texts(int count, const std::string& model = "org/m") {
    v1::InferenceRequest request;
    request.set_model_id(model);
    for (int i = 0; i < count; ++i)
        request.mutable_input_data()->mutable_text_batch()->add_texts(std::to_string(i));
    return request;
}

// For each text an embedding of one value: the number that the text is.
inline v1::InferenceResponse answerTo(const v1::InferenceRequest& request) {
    v1::InferenceResponse response;
    response.set_model_id("org/m");
    for (const std::string& text : request.input_data().text_batch().texts())
        response.mutable_output_data()->mutable_embedding_batch()->add_embeddings()->add_values(std::stof(text));
    response.mutable_metadata()->set_compute_ms(1);
    response.mutable_metadata()->set_batch_size(request.input_data().text_batch().texts_size());
    return response;
}

inline Job draft(const std::string& client = "client", const std::string& key = {}) {
    Job job;
    job.client = client;
    job.modelKey = "org/m@1";
    job.modelId = "org/m";
    job.idempotencyKey = key;
    job.keepFor = std::chrono::hours(1);
    return job;
}

inline JobSettings smallPieces() {
    JobSettings settings;
    settings.piece = {10, 1 << 20};
    settings.reservedDiskBytes = 0;
    settings.keepFor = std::chrono::hours(1);
    settings.firstPause = settings.longestPause = std::chrono::milliseconds(1);
    return settings;
}

inline Result<std::unique_ptr<JobStorage>> openStorage(const QTemporaryDir& folder, const Clock& clock,
                                                       JobSettings settings = smallPieces(), int maxPages = 0) {
    MM_TRY(auto rows, SqliteJobStore::open({pathIn(folder, "modelmora.db"), clock.wallNow(), maxPages}));
    return JobStorage::open(pathIn(folder, "jobs"), settings, std::move(rows), clock);
}

} // namespace mm::inference::job_test
