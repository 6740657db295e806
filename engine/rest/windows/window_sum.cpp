#include "engine/rest/windows/window_sum.h"

namespace mm::rest {
namespace {

namespace v1 = modelmora::v1;

void join(const v1::OutputData& part, v1::OutputData& out) {
    if (!part.has_embedding_matrix())
        return out.MergeFrom(part); // lists are appended
    const v1::EmbeddingMatrix& rows = part.embedding_matrix();
    v1::EmbeddingMatrix& all = *out.mutable_embedding_matrix();
    all.set_rows(all.rows() + rows.rows());
    all.set_dimension(rows.dimension());
    all.mutable_data()->append(rows.data());
}

} // namespace

void joinOutputs(const std::vector<SharedResponse>& parts, v1::OutputData& out) {
    out = parts.front()->output_data();
    for (std::size_t i = 1; i < parts.size(); ++i)
        join(parts[i]->output_data(), out);
}

} // namespace mm::rest
