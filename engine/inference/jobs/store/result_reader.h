// The result file of a job, open: what was deleted meanwhile can still be read to its end. Outputs come in parts, each
// as large as one piece of the job. Immutable, any thread; reading blocks. StorageDamaged names the file and the place.
#pragma once

#include "engine/inference/jobs/store/record_file.h"
#include "modelmora/v1/inference.pb.h"

#include <memory>

namespace mm::inference {

class ResultReader {
public:
    // `bytes` and `sha256` as they stand in the job's row.
    static Result<std::shared_ptr<const ResultReader>> open(std::filesystem::path file, std::int64_t bytes,
                                                            std::string sha256);

    [[nodiscard]] std::size_t parts() const { return m_parts.size(); }
    [[nodiscard]] Result<modelmora::v1::OutputData> part(std::size_t index) const;
    // The answer without its outputs.
    [[nodiscard]] const modelmora::v1::InferenceResponse& frame() const { return m_frame; }
    [[nodiscard]] const std::string& sha256() const { return m_sha256; }

private:
    ResultReader(std::filesystem::path file, RecordReader reader, std::string sha256)
        : m_file(std::move(file)), m_reader(std::move(reader)), m_sha256(std::move(sha256)) {}

    std::filesystem::path m_file;
    RecordReader m_reader;
    std::string m_sha256;
    std::vector<std::int64_t> m_parts; // where each begins
    modelmora::v1::InferenceResponse m_frame;
};

} // namespace mm::inference
