// LiveOutput: what the workers of one model print, as they print it. The engine notes it in its log at the level debug,
// to which this sets the log while somebody follows, and back after that. GUI thread.
#pragma once

#include "gui/client/engine_link.h"

#include <QTimer>
#include <QWidget>

#include <string>
#include <vector>

class QCheckBox;
class QLabel;
class QPlainTextEdit;

namespace mm::gui {

// Of these lines of the log, what workers of that model printed: "process 4711: what it said". Pure.
QStringList printedLines(const std::vector<std::string>& log, const QString& modelId);

class LiveOutput : public QWidget {
    Q_OBJECT

public:
    explicit LiveOutput(EngineLink& link, QWidget* parent = nullptr);
    ~LiveOutput() override;

    void setModel(const QString& modelId);
    // Not seen, nothing is followed any more.
    void setSeen(bool seen);

private:
    void follow(bool on);
    void setLevel(const std::string& level);
    void ask();
    void take(const v1::Diagnosis& diagnosis);
    void refuse(const Error& error);

    EngineLink& m_link;
    QString m_model;
    std::string m_levelBefore; // empty: not changed from here
    std::vector<std::string> m_log;
    QTimer m_again;
    CallHandle m_call;
    QCheckBox* m_follow = nullptr;
    QLabel* m_note = nullptr;
    QPlainTextEdit* m_lines = nullptr;
};

} // namespace mm::gui
