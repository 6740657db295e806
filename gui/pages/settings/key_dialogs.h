// Dialogs about keys: a new one, and its secret, which is shown once. GUI thread.
#pragma once

#include "modelmora/v1/access.pb.h"

#include <QDialog>

class QComboBox;
class QLineEdit;
class QPushButton;
class QSpinBox;

namespace mm::gui {

class NewKeyDialog : public QDialog {
    Q_OBJECT

public:
    explicit NewKeyDialog(QWidget* parent);

    [[nodiscard]] modelmora::v1::CreateKeyRequest request() const;

private:
    QLineEdit* m_name = nullptr;
    QComboBox* m_role = nullptr;
    QLineEdit* m_models = nullptr;
    QSpinBox* m_days = nullptr;
    QPushButton* m_create = nullptr;
};

// Closed, it is gone: only its hash is kept.
class SecretDialog : public QDialog {
    Q_OBJECT

public:
    SecretDialog(const QString& name, const QString& secret, QWidget* parent);
};

} // namespace mm::gui
