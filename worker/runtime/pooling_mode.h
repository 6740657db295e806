// How the vectors of one text's tokens become one vector: the modes of sentence-transformers' Pooling module.
#pragma once

namespace mm::worker {

enum class PoolingMode { Mean, Cls, Max, MeanSqrtLength, WeightedMean, LastToken };

} // namespace mm::worker
