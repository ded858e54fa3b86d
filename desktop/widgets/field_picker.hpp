#pragma once

#include <QHash>
#include <QPointer>
#include <QStringList>
#include <QWidget>

class QListWidget;
class QPushButton;

namespace breakwater::desktop {

/// Selects the fields of the chart with toggle buttons. If there are many fields, only the first fields and
/// the selected ones have buttons; a searchable list contains all of them.
class FieldPicker : public QWidget {
    Q_OBJECT
public:
    explicit FieldPicker(QWidget* parent = nullptr);

    /// Sets the available fields and their labels. Selected fields that are still available stay selected.
    void setFields(const QStringList& fields, const QHash<QString, QString>& labels);
    void select(const QStringList& fields);
    [[nodiscard]] const QStringList& selected() const { return m_selected; }
    /// Opens the list of all fields. Does nothing if every field has a button.
    void openList();

    static constexpr int maxSelected = 6;
    static constexpr int maxButtons = 10;

Q_SIGNALS:
    void changed(const QStringList& fields);

private:
    [[nodiscard]] QString labelOf(const QString& field) const { return m_labels.value(field, field); }
    /// Stores the selection in the order of the available fields.
    void setSelection(const QStringList& fields);
    void setSelected(const QString& field, bool on);
    void showButtons();
    void updateEnabled();
    void fillList(const QString& search);

    QStringList m_fields;
    QStringList m_selected;
    QHash<QString, QString> m_labels;
    QHash<QString, QPushButton*> m_buttons;
    QPushButton* m_more = nullptr;
    QPointer<QListWidget> m_list;
};

} // namespace breakwater::desktop
