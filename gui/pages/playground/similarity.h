// What vectors say of their texts: how near each is to each, and where they lie on a plane. Pure.
#pragma once

#include "modelmora/v1/inference.pb.h"

#include <QPointF>
#include <QString>

#include <vector>

namespace mm::gui {

using Vectors = std::vector<std::vector<float>>;

// In whatever form they came; none where the answer is no embedding.
Vectors vectorsOf(const modelmora::v1::OutputData& output);

// n x n, row after row; 0 beside a vector of length 0.
std::vector<double> cosines(const Vectors& vectors);

struct NearPair {
    std::size_t first = 0;
    std::size_t second = 0;
    double similarity = 0;
};

// With two digits; what is nearly nothing has no sign.
QString similarityText(double similarity);

// The nearest first.
std::vector<NearPair> nearestPairs(const std::vector<double>& cosines, std::size_t count, std::size_t most);

// On the two directions in which they differ most (principal components by power iteration), each within -1 to 1.
std::vector<QPointF> onPlane(const Vectors& vectors);

} // namespace mm::gui
