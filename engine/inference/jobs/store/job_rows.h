// Between a Job and its row. Used by SqliteJobStore within its transactions, on its thread. Reading fails with
// StorageDamaged where a row holds what cannot have been written.
#pragma once

#include "engine/inference/jobs/job.h"
#include "engine/store/database.h"

#include <initializer_list>
#include <vector>

namespace mm::inference {

Result<void> insertJobRow(store::SqliteSession& session, const Job& job);
// `where` is what follows the columns: conditions, order, bounds.
Result<std::vector<Job>> readJobs(store::SqliteSession& session, const QString& where,
                                  std::initializer_list<QVariant> values);
QString errorToText(const v1::Error& error);

} // namespace mm::inference
