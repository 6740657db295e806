#include "engine/inference/jobs/store/result_reader.h"

#include <utility>

namespace mm::inference {
namespace {

Error damaged(const std::filesystem::path& file, const std::string& what) {
    return {ErrorCode::StorageDamaged,
            file.string() + " is damaged: " + what + ".",
            {{"file", file.string()}, {"reason", what}}};
}

Result<void> parse(const std::filesystem::path& file, const std::string& bytes,
                   google::protobuf::MessageLite& message) {
    if (message.ParseFromString(bytes))
        return {};
    return damaged(file, "a record in it is whole, but not what was expected there");
}

} // namespace

Result<std::shared_ptr<const ResultReader>> ResultReader::open(std::filesystem::path file, std::int64_t bytes,
                                                               std::string sha256) {
    MM_TRY(RecordReader reader, RecordReader::open(file));
    if (reader.bytes() != bytes)
        return damaged(file, "it has " + std::to_string(reader.bytes()) + " bytes where " + std::to_string(bytes) +
                                 " were written");
    const std::shared_ptr<ResultReader> result(new ResultReader(std::move(file), std::move(reader), std::move(sha256)));
    MM_TRY(result->m_parts, result->m_reader.index());
    if (result->m_parts.empty())
        return damaged(result->m_file, "it holds nothing");
    MM_TRY(const auto last, result->m_reader.read(result->m_parts.back()));
    result->m_parts.pop_back();
    MM_CHECK(parse(result->m_file, last.bytes, result->m_frame));
    return std::shared_ptr<const ResultReader>(result);
}

Result<modelmora::v1::OutputData> ResultReader::part(std::size_t index) const {
    MM_TRY(const auto record, m_reader.read(m_parts.at(index)));
    modelmora::v1::OutputData output;
    MM_CHECK(parse(m_file, record.bytes, output));
    return output;
}

} // namespace mm::inference
