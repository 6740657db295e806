#include "engine/rest/semantics/packed_stream.h"

#include <utility>

namespace mm::rest::semantics {

bool PackedStream::write(std::string piece) {
    const std::lock_guard lock(m_mutex);
    return !m_isFinished && m_sent->write(m_packer->add(piece)); // empty, too: it says whether anybody is there
}

void PackedStream::finish() {
    const std::lock_guard lock(m_mutex);
    if (std::exchange(m_isFinished, true))
        return;
    m_sent->write(m_packer->finish());
    m_sent->finish();
}

} // namespace mm::rest::semantics
