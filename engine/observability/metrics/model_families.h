// The metric families that have a line for each model. Pure.
#pragma once

#include "engine/observability/metrics/families.h"
#include "engine/observability/metrics/scrape.h"

namespace mm::observability {

void addModelCounters(Families& families, const MetricsBook& book);
void addModelFigures(Families& families, const EngineFigures& figures);

} // namespace mm::observability
