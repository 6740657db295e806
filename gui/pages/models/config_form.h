// ConfigForm: the configuration of a model as fields, each with what it is and the engine's complaint beneath it. What
// it does not know of is kept as it is. GUI thread.
#pragma once

#include "engine/base/error.h"

#include <QWidget>

#include <google/protobuf/struct.pb.h>

#include <map>
#include <string>
#include <vector>

class QComboBox;
class QFormLayout;
class QLabel;
class QLineEdit;

namespace mm::gui::models {

class ConfigForm : public QWidget {
    Q_OBJECT

public:
    explicit ConfigForm(QWidget* parent = nullptr);

    void show(const google::protobuf::Struct& config);
    using QWidget::show;
    // Empty fields are left out; a number that is none is sent as text, for the engine to say what is wrong with it.
    [[nodiscard]] google::protobuf::Struct config() const;

    // What is shown from now on, where the engine has `given`: what differs from that counts as entered.
    void show(const google::protobuf::Struct& given, const google::protobuf::Struct& entered);
    // How people call a key.
    [[nodiscard]] static QString titleOf(const std::string& key);
    // What show() was given.
    [[nodiscard]] const google::protobuf::Struct& given() const { return m_given; }

    // Puts each beneath its field ("config.threads"); those that have none here come back.
    std::vector<FieldError> showErrors(const std::vector<FieldError>& errors);

Q_SIGNALS:
    void edited();

private:
    struct Field {
        QWidget* editor = nullptr;
        QLabel* fault = nullptr;
    };

    void add(QFormLayout& form, const char* key);
    [[nodiscard]] QString valueOf(const std::string& key) const;
    void setValue(const std::string& key, const QString& value);

    google::protobuf::Struct m_given;
    std::map<std::string, Field> m_fields;
};

} // namespace mm::gui::models
