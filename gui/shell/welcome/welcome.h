// Welcome: what an engine without a model shows: a served model within one click, or a folder of one's own. GUI thread.
#pragma once

#include "gui/client/engine_state.h"
#include "gui/shell/page.h"

class QLabel;
class QProgressBar;
class QPushButton;

namespace mm::gui {

class Welcome : public QWidget {
    Q_OBJECT

public:
    Welcome(EngineLink& link, EngineState& state, Guide& guide, const Theme& theme);

    // Of the packaged model, as the engine sees it; empty: it is not offered.
    void setPackagedFolder(const QString& folder);
    // A model is on its way to be served.
    [[nodiscard]] bool isBusy() const { return m_isBusy; }

Q_SIGNALS:
    // That model is served now.
    void served(const QString& modelId);

private:
    void begin();
    void load();
    void showStage(const v1::LoadStage& stage);
    void failed(const Error& error);
    void chooseFolder();

    EngineLink& m_link;
    EngineState& m_state;
    Guide& m_guide;
    QString m_folder;
    bool m_isBusy = false;
    QPushButton* m_packaged = nullptr;
    QPushButton* m_own = nullptr;
    QProgressBar* m_progress = nullptr;
    QLabel* m_says = nullptr;
};

} // namespace mm::gui
