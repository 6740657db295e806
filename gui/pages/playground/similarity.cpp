#include "gui/pages/playground/similarity.h"

#include <QLocale>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <numeric>

namespace mm::gui {
namespace {

using Wide = std::vector<double>;

constexpr int kRounds = 60;

template <typename One, typename Other>
double dot(const One& one, const Other& other) {
    double sum = 0;
    for (std::size_t i = 0; i < one.size(); ++i)
        sum += static_cast<double>(one[i]) * static_cast<double>(other[i]);
    return sum;
}

bool normalise(Wide& vector) {
    const double length = std::sqrt(dot(vector, vector));
    if (length < 1e-12)
        return false;
    for (double& value : vector)
        value /= length;
    return true;
}

std::vector<Wide> centred(const Vectors& vectors) {
    Wide mean(vectors.front().size(), 0);
    for (const auto& vector : vectors)
        for (std::size_t i = 0; i < mean.size(); ++i)
            mean[i] += static_cast<double>(vector[i]) / static_cast<double>(vectors.size());
    std::vector<Wide> rows;
    for (const auto& vector : vectors) {
        rows.emplace_back(mean.size());
        for (std::size_t i = 0; i < mean.size(); ++i)
            rows.back()[i] = static_cast<double>(vector[i]) - mean[i];
    }
    return rows;
}

// The direction in which rows differ most, across those found before; empty where they do not differ any more.
Wide direction(const std::vector<Wide>& rows, const std::vector<Wide>& before) {
    // Begins at the longest row: it is not across all directions that are left.
    const auto across = [&](Wide& vector) {
        for (const Wide& other : before) {
            const double along = dot(vector, other);
            for (std::size_t i = 0; i < vector.size(); ++i)
                vector[i] -= along * other[i];
        }
    };
    Wide best;
    double longest = 0;
    for (Wide row : rows) {
        across(row);
        if (const double length = dot(row, row); length > longest) {
            longest = length;
            best = std::move(row);
        }
    }
    if (longest < 1e-18 || !normalise(best))
        return {};
    for (int round = 0; round < kRounds; ++round) {
        Wide next(best.size(), 0);
        for (const Wide& row : rows) {
            const double along = dot(row, best);
            for (std::size_t i = 0; i < next.size(); ++i)
                next[i] += along * row[i];
        }
        across(next);
        if (!normalise(next))
            break;
        best = std::move(next);
    }
    return best;
}

} // namespace

Vectors vectorsOf(const modelmora::v1::OutputData& output) {
    Vectors vectors;
    if (output.has_embedding())
        vectors.emplace_back(output.embedding().values().begin(), output.embedding().values().end());
    for (const auto& each : output.embedding_batch().embeddings())
        vectors.emplace_back(each.values().begin(), each.values().end());
    const auto& matrix = output.embedding_matrix();
    const auto wide = static_cast<std::size_t>(std::max(0, matrix.dimension()));
    for (std::size_t row = 0; wide > 0 && (row + 1) * wide * sizeof(float) <= matrix.data().size(); ++row) {
        vectors.emplace_back(wide);
        std::memcpy(vectors.back().data(), matrix.data().data() + row * wide * sizeof(float), wide * sizeof(float));
    }
    const bool areEqual = std::all_of(vectors.begin(), vectors.end(),
                                      [&](const auto& each) { return each.size() == vectors.front().size(); });
    return areEqual ? vectors : Vectors();
}

std::vector<double> cosines(const Vectors& vectors) {
    const std::size_t count = vectors.size();
    std::vector<double> lengths(count);
    for (std::size_t i = 0; i < count; ++i)
        lengths[i] = std::sqrt(dot(vectors[i], vectors[i]));
    std::vector<double> all(count * count, 0);
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t j = i; j < count; ++j)
            if (const double both = lengths[i] * lengths[j]; both > 0)
                all[i * count + j] = all[j * count + i] = dot(vectors[i], vectors[j]) / both;
    return all;
}

QString similarityText(double similarity) {
    constexpr double kNearlyNothing = 0.005;
    return QLocale().toString(std::abs(similarity) < kNearlyNothing ? 0.0 : similarity, 'f', 2);
}

std::vector<NearPair> nearestPairs(const std::vector<double>& cosines, std::size_t count, std::size_t most) {
    std::vector<NearPair> pairs;
    for (std::size_t i = 0; i < count; ++i)
        for (std::size_t j = i + 1; j < count; ++j)
            pairs.push_back({i, j, cosines[i * count + j]});
    std::stable_sort(pairs.begin(), pairs.end(),
                     [](const NearPair& one, const NearPair& other) { return one.similarity > other.similarity; });
    pairs.resize(std::min(pairs.size(), most));
    return pairs;
}

std::vector<QPointF> onPlane(const Vectors& vectors) {
    std::vector<QPointF> points(vectors.size());
    if (vectors.size() < 2)
        return points;
    const std::vector<Wide> rows = centred(vectors);
    std::vector<Wide> axes;
    for (int i = 0; i < 2; ++i)
        if (Wide axis = direction(rows, axes); !axis.empty())
            axes.push_back(std::move(axis));
    double farthest = 0;
    for (std::size_t i = 0; i < rows.size(); ++i) {
        points[i] = {axes.empty() ? 0 : dot(rows[i], axes[0]), axes.size() < 2 ? 0 : dot(rows[i], axes[1])};
        farthest = std::max({farthest, std::abs(points[i].x()), std::abs(points[i].y())});
    }
    if (farthest > 0)
        for (QPointF& point : points)
            point /= farthest;
    return points;
}

} // namespace mm::gui
