// A job's result as the JSON that is sent: a frame around rows that are made part by part, always the same bytes. The
// layout knows where each part begins, so that any range can be made without what stands before it, and so small that
// it can be kept when the result itself cannot.
#pragma once

#include "engine/service/jobs/job_service.h"

#include <QCryptographicHash>

#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace mm::rest::native {

// Plain value; immutable once it is made.
struct ResultLayout {
    std::string prefix; // of the first part
    std::string suffix; // of the last
    bool isList = true;
    std::vector<std::uint64_t> ends; // of the parts, prefix and suffix included
    std::string etag;
    std::string digest; // as Repr-Digest has it

    [[nodiscard]] std::uint64_t size() const { return ends.empty() ? 0 : ends.back(); }
    [[nodiscard]] std::uint64_t begin(std::size_t part) const { return part == 0 ? 0 : ends[part - 1]; }
    // The part that holds the byte.
    [[nodiscard]] std::size_t partAt(std::uint64_t byte) const;
};

// The bytes of one part. Reads and writes JSON: costs time.
Result<std::string> textOf(const service::JobResult& result, const ResultLayout& layout, std::size_t part);

// Makes a layout, one part after another, so that others get their turn between them. One owner.
class LayoutMaker {
public:
    explicit LayoutMaker(std::shared_ptr<const service::JobResult> result) : m_result(std::move(result)) {}

    // The next part's bytes; nothing when there is none. Fails with InternalError for parts that do not fit together.
    Result<std::string> next();
    [[nodiscard]] bool isDone() const { return m_next == m_result->parts(); }
    // After the last part.
    std::shared_ptr<const ResultLayout> finish();

private:
    Result<void> frame(const service::v1::OutputData& first);

    std::shared_ptr<const service::JobResult> m_result;
    ResultLayout m_layout;
    std::size_t m_next = 0;
    QCryptographicHash m_hash{QCryptographicHash::Sha256};
};

// The layouts that were made last, by the SHA-256 of their results. Safe from any thread.
class ResultLayouts {
public:
    using Layout = std::shared_ptr<const ResultLayout>;
    [[nodiscard]] Layout find(const std::string& sha256);
    void keep(const std::string& sha256, Layout layout);

private:
    std::mutex m_mutex;
    std::vector<std::pair<std::string, Layout>> m_kept; // oldest first
};

} // namespace mm::rest::native
