// LoadPanel: a small load test and what came of it. GUI thread.
#pragma once

#include "gui/pages/playground/load_run.h"

#include <QWidget>

#include <array>
#include <functional>

class QLabel;
class QPushButton;
class QSpinBox;

namespace mm::gui {

class HistogramView;
class Theme;

class LoadPanel : public QWidget {
    Q_OBJECT

public:
    // `make` says what is asked; an error is shown.
    LoadPanel(EngineLink& link, Theme& theme, std::function<Result<v1::InferenceRequest>()> make,
              QWidget* parent = nullptr);

private:
    void startOrStop();
    void showNumbers();

    LoadRun m_run;
    std::function<Result<v1::InferenceRequest>()> m_make;
    QSpinBox* m_concurrency = nullptr;
    QSpinBox* m_seconds = nullptr;
    QPushButton* m_button = nullptr;
    std::array<QLabel*, 6> m_numbers{};
    HistogramView* m_histogram = nullptr;
    QLabel* m_fault = nullptr;
};

} // namespace mm::gui
