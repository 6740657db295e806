#include "gui/pages/queue/jobs/job_texts.h"

#include "gui/widgets/time_text.h"

#include <QCoreApplication>
#include <QLocale>

#include <google/protobuf/util/time_util.h>

#include <algorithm>
#include <cstring>

namespace mm::gui {
namespace {

constexpr int kShownNumbers = 6;
constexpr double kUnknown = -1;

QString say(const char* text, int number = -1) {
    return QCoreApplication::translate("jobs", text, nullptr, number);
}

template <typename Numbers>
QString vectorText(const Numbers& numbers, int size) {
    QStringList first;
    for (int i = 0; i < std::min(kShownNumbers, size); ++i)
        first << QLocale().toString(static_cast<double>(numbers[i]), 'f', 4);
    return say("%1 numbers: %2%3")
        .arg(QLocale().toString(size), first.join(QStringLiteral(", ")),
             size > kShownNumbers ? QStringLiteral(", …") : QString());
}

QStringList textsOfRows(const v1::OutputData& output, int most) {
    QStringList rows;
    if (output.has_embedding())
        rows << vectorText(output.embedding().values(), output.embedding().values_size());
    for (int i = 0; i < std::min(most, output.embedding_batch().embeddings_size()); ++i) {
        const auto& values = output.embedding_batch().embeddings(i).values();
        rows << vectorText(values, values.size());
    }
    const auto& matrix = output.embedding_matrix();
    std::vector<float> row(static_cast<std::size_t>(std::max(0, matrix.dimension())));
    for (int i = 0; i < std::min(most, matrix.rows()); ++i) {
        const std::size_t bytes = row.size() * sizeof(float);
        if ((static_cast<std::size_t>(i) + 1) * bytes > matrix.data().size())
            break;
        std::memcpy(row.data(), matrix.data().data() + static_cast<std::size_t>(i) * bytes, bytes);
        rows << vectorText(row, matrix.dimension());
    }
    for (int i = 0; i < std::min(most, output.scores().values_size()); ++i)
        rows << QLocale().toString(static_cast<double>(output.scores().values(i)), 'f', 4);
    for (int i = 0; i < std::min(most, output.classification_batch().classifications_size()); ++i) {
        QStringList labels;
        for (const auto& label : output.classification_batch().classifications(i).labels())
            labels << QString(QString::fromStdString(label.label()) % QLatin1Char(' ') %
                              QLocale().toString(static_cast<double>(label.score()), 'f', 4));
        rows << labels.join(QStringLiteral(", "));
    }
    if (output.has_text())
        rows << QString::fromStdString(output.text()).split(QLatin1Char('\n')).mid(0, most);
    return rows;
}

} // namespace

bool isOver(const v1::JobStatusResponse& job) {
    return job.status() == v1::JOB_STATUS_COMPLETED || job.status() == v1::JOB_STATUS_FAILED ||
           job.status() == v1::JOB_STATUS_CANCELLED;
}

bool hasResult(const v1::JobStatusResponse& job) {
    return job.status() == v1::JOB_STATUS_COMPLETED;
}

bool mayTryAgain(const v1::JobStatusResponse& job, double now) {
    if (job.status() != v1::JOB_STATUS_FAILED && job.status() != v1::JOB_STATUS_CANCELLED)
        return false;
    return !job.has_expires_at() ||
           static_cast<double>(google::protobuf::util::TimeUtil::TimestampToMilliseconds(job.expires_at())) > now;
}

QString doneText(const v1::JobStatusResponse& job) {
    if (job.inputs_total() <= 0)
        return kNothing;
    return say("%1 of %2")
        .arg(QLocale().toString(static_cast<qlonglong>(job.inputs_done())),
             QLocale().toString(static_cast<qlonglong>(job.inputs_total())));
}

double doneOf(const v1::JobStatusResponse& job) {
    if (job.status() == v1::JOB_STATUS_COMPLETED)
        return 1;
    if (job.inputs_total() <= 0)
        return 0;
    return std::clamp(static_cast<double>(job.inputs_done()) / static_cast<double>(job.inputs_total()), 0.0, 1.0);
}

QString jobStateText(const v1::JobStatusResponse& job) {
    switch (job.status()) {
    case v1::JOB_STATUS_QUEUED:
        return say("waits");
    case v1::JOB_STATUS_PROCESSING:
        return job.attempts() > 1 ? say("running, start %1").arg(job.attempts()) : say("running");
    case v1::JOB_STATUS_COMPLETED:
        return say("completed");
    case v1::JOB_STATUS_CANCELLED:
        return say("cancelled");
    case v1::JOB_STATUS_FAILED:
        return job.error().message().empty() ? say("failed") : QString::fromStdString(job.error().message());
    default:
        return kNothing;
    }
}

QString jobsSummary(const std::vector<v1::JobStatusResponse>& jobs) {
    const auto count = [&](v1::JobStatus status) {
        return static_cast<int>(
            std::count_if(jobs.begin(), jobs.end(), [=](const auto& job) { return job.status() == status; }));
    };
    QStringList parts;
    if (const int running = count(v1::JOB_STATUS_PROCESSING) + count(v1::JOB_STATUS_QUEUED); running > 0)
        parts << say("%n running or waiting", running);
    if (const int failed = count(v1::JOB_STATUS_FAILED); failed > 0)
        parts << say("%n failed", failed);
    if (const int done = count(v1::JOB_STATUS_COMPLETED); done > 0)
        parts << say("%n done", done);
    return parts.isEmpty() ? say("no job yet: the playground sends one, and so does /async of the API")
                           : parts.join(QStringLiteral(", "));
}

QStringList rowsOf(const v1::OutputData& output, int most) {
    QStringList rows = textsOfRows(output, most);
    int number = 0;
    for (QString& row : rows)
        row = QString(QString::number(++number) % QStringLiteral("   ") % row);
    return rows;
}

void JobRates::add(double now, const std::vector<v1::JobStatusResponse>& jobs) {
    std::map<std::string, std::deque<Sample>> next;
    for (const v1::JobStatusResponse& job : jobs) {
        if (job.status() != v1::JOB_STATUS_PROCESSING)
            continue;
        auto samples = std::move(m_samples[job.job_id()]);
        samples.push_back({now, job.inputs_done()});
        while (samples.size() > 2 && samples[1].at <= now - kSpan)
            samples.pop_front();
        next[job.job_id()] = std::move(samples);
    }
    m_samples = std::move(next);
}

double JobRates::perSecond(const std::string& jobId) const {
    const auto found = m_samples.find(jobId);
    if (found == m_samples.end() || found->second.size() < 2)
        return kUnknown;
    const Sample& first = found->second.front();
    const Sample& last = found->second.back();
    return last.at > first.at ? static_cast<double>(last.done - first.done) * 1000 / (last.at - first.at) : kUnknown;
}

double JobRates::leftMs(const v1::JobStatusResponse& job) const {
    const double rate = perSecond(job.job_id());
    if (rate <= 0 || isOver(job))
        return kUnknown;
    return static_cast<double>(job.inputs_total() - job.inputs_done()) / rate * 1000;
}

} // namespace mm::gui
