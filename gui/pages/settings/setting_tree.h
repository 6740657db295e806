// SettingTree: the settings by group, with what somebody has entered and the engine has not taken. GUI thread.
#pragma once

#include "gui/pages/settings/setting_text.h"

#include <QAbstractItemModel>

#include <optional>
#include <string>
#include <vector>

namespace mm::gui {

class SettingTree : public QAbstractItemModel {
    Q_OBJECT

public:
    enum Column { Name, Value, Applies, Source, kColumns };
    enum Data {
        SettingRole = Qt::UserRole + 1, // const Setting*; null for a group
        SecondRole,                     // QString, a line below
        IsBadRole,                      // bool: that line tells a refusal
        SearchRole,                     // QString, all that a search looks through
    };
    using QAbstractItemModel::QAbstractItemModel;

    // All of them, or some with new values.
    void show(const std::vector<modelmora::v1::Setting>& settings);
    void update(const std::vector<modelmora::v1::Setting>& settings);
    // From here to the end of the edit, what others change is said beside what is being entered; an entry for a value
    // that is another by then is kept and not sent.
    void beginEdit(const QModelIndex& index);
    void endEdit();
    // What was entered stays to be seen, with the reason, until it is entered anew or dropped.
    void keepDraft(const std::string& name, Draft draft);
    void dropDraft(const std::string& name);

    [[nodiscard]] const Drafts& drafts() const { return m_drafts; }
    [[nodiscard]] std::map<std::string, std::string> groupOf() const;
    // Null for a group.
    [[nodiscard]] const modelmora::v1::Setting* at(const QModelIndex& index) const;
    [[nodiscard]] QModelIndex indexOf(const std::string& name, int column = Name) const;

    [[nodiscard]] QModelIndex index(int row, int column, const QModelIndex& parent = {}) const override;
    [[nodiscard]] QModelIndex parent(const QModelIndex& child) const override;
    [[nodiscard]] int rowCount(const QModelIndex& parent = {}) const override;
    [[nodiscard]] int columnCount(const QModelIndex&) const override { return kColumns; }
    [[nodiscard]] Qt::ItemFlags flags(const QModelIndex& index) const override;
    [[nodiscard]] QVariant data(const QModelIndex& index, int role) const override;
    bool setData(const QModelIndex& index, const QVariant& value, int role) override;
    [[nodiscard]] QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

Q_SIGNALS:
    void entered(const QString& name, const QString& text);

private:
    struct Edit {
        std::string name;
        std::string before; // what it was set to when the edit began
    };
    struct Group {
        std::string name;
        std::vector<modelmora::v1::Setting> settings;
    };
    [[nodiscard]] QString text(const modelmora::v1::Setting& setting, int column) const;
    [[nodiscard]] QString second(const modelmora::v1::Setting& setting, int column) const;
    [[nodiscard]] bool isOvertaken(const modelmora::v1::Setting& setting) const;
    void noteForeign(const modelmora::v1::Setting& before, const modelmora::v1::Setting& now);
    [[nodiscard]] const Draft* draftOf(const modelmora::v1::Setting& setting) const;
    void touch(const std::string& name);

    std::vector<Group> m_groups;
    Drafts m_drafts;
    std::optional<Edit> m_edit;
};

} // namespace mm::gui
