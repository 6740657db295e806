#include "engine/registry/store/measurement_rows.h"

#include <algorithm>

namespace mm::registry {
namespace {

using store::fromStored;
using store::toStored;
using store::toText;

std::string text(const QSqlQuery& row, int column) {
    return row.value(column).toString().toStdString();
}

qint64 size(std::int64_t bytes) {
    return std::max<qint64>(0, bytes);
}

} // namespace

Result<std::vector<MeasuredLoad>> readMeasuredLoads(store::SqliteSession& session) {
    std::vector<MeasuredLoad> loads;
    MM_CHECK(session.select(
        QStringLiteral("SELECT m.model_id, v.version, l.device, l.dtype, l.predicted_bytes, l.measured_bytes, "
                       "l.device_bytes, l.weights_bytes, l.peak_bytes, l.activation_bytes, l.load_ms, l.uses, "
                       "l.last_used_at, l.updated_at FROM model_measurement l "
                       "JOIN model_version v ON v.id = l.model_version_id JOIN model m ON m.id = v.model_id "
                       "ORDER BY m.model_id, v.version, l.device, l.dtype"),
        {}, [&](const QSqlQuery& row) {
            MeasuredLoad load;
            load.modelId = text(row, 0);
            load.version = text(row, 1);
            load.device = text(row, 2);
            load.dtype = text(row, 3);
            int column = 4;
            for (std::int64_t* bytes : {&load.predictedBytes, &load.measuredBytes, &load.deviceBytes,
                                        &load.weightsBytes, &load.peakBytes, &load.activationBytes})
                *bytes = row.value(column++).toLongLong();
            load.loadMs = row.value(column++).toDouble();
            load.uses = row.value(column++).toLongLong();
            load.lastUsedAt = fromStored(row.value(column++));
            load.updatedAt = fromStored(row.value(column));
            loads.push_back(std::move(load));
        }));
    return loads;
}

Result<bool> writeMeasuredLoad(store::SqliteSession& session, const MeasuredLoad& load) {
    return session.transaction<bool>([&]() -> Result<bool> {
        const QVariant model = toText(load.modelId);
        const QVariant version = toText(load.version);
        const QVariant device = toText(load.device);
        const QVariant dtype = toText(load.dtype);
        const QString ofVersion = QStringLiteral("(SELECT v.id FROM model_version v JOIN model m ON m.id = v.model_id "
                                                 "WHERE m.model_id = ? AND v.version = ?)");
        MM_CHECK(session.execute(QStringLiteral("DELETE FROM model_measurement WHERE model_version_id = ") + ofVersion +
                                     QStringLiteral(" AND device = ? AND dtype = ?"),
                                 {model, version, device, dtype}));
        MM_TRY(
            const int written,
            session.execute(
                QStringLiteral("INSERT INTO model_measurement (model_version_id, device, dtype, predicted_bytes, "
                               "measured_bytes, device_bytes, weights_bytes, peak_bytes, activation_bytes, load_ms, "
                               "uses, last_used_at, updated_at) "
                               "SELECT v.id, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ? FROM model_version v "
                               "JOIN model m ON m.id = v.model_id WHERE m.model_id = ? AND v.version = ?"),
                {device, dtype, size(load.predictedBytes), size(load.measuredBytes), size(load.deviceBytes),
                 size(load.weightsBytes), size(load.peakBytes), size(load.activationBytes), std::max(0.0, load.loadMs),
                 size(load.uses), toStored(load.lastUsedAt), toStored(load.updatedAt), model, version}));
        return written > 0;
    });
}

} // namespace mm::registry
