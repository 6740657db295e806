// A checkpoint's tensors as LibTorch sees them: views into the mapped files, in the stored precision (fp64 comes as
// fp32). The views hold their file, so they stay valid; dropPages() gives back the memory of what was already copied or
// packed. One thread, while loading. take() throws Failure(InvalidModelFiles) naming tensor, file, wanted and found.
#pragma once

#include "worker/model/weight_files.h"
#include "worker/runtime/weights.h"

#include <cstdint>
#include <functional>
#include <set>

namespace mm::worker {

class SafetensorsWeights final : public Weights {
public:
    // Bytes taken so far, and the tensor that was just taken.
    using OnTake = std::function<void(std::uint64_t taken, std::string_view tensor)>;

    explicit SafetensorsWeights(WeightFiles files, OnTake onTake = {});

    at::Tensor take(std::string_view name, std::vector<std::int64_t> shape) override;
    [[nodiscard]] bool has(std::string_view name) const override;
    [[nodiscard]] std::vector<std::string> unused() const override;

    void dropPages() const { m_files.dropPages(); }
    // Elements of the tensors taken.
    [[nodiscard]] std::int64_t takenElements() const { return m_takenElements; }
    [[nodiscard]] std::uint64_t takenBytes() const { return m_takenBytes; }

private:
    WeightFiles m_files;
    OnTake m_onTake;
    std::set<std::string, std::less<>> m_taken;
    std::uint64_t m_takenBytes = 0;
    std::int64_t m_takenElements = 0;
};

} // namespace mm::worker
