#pragma once

#include <QHash>
#include <QPointer>
#include <QStringList>
#include <QWidget>

class QListWidget;
class QPushButton;

namespace breakwater::desktop {

/// Which fields the chart draws, as buttons that stay down. Of many fields the first have buttons, and those
/// that are drawn; the others are found in a list that can be searched.
class FieldPicker : public QWidget {
    Q_OBJECT
public:
    explicit FieldPicker(QWidget* parent = nullptr);

    /// What there is to choose from, and what each is called; what was chosen stays so where it still is
    /// there.
    void offer(const QStringList& fields, const QHash<QString, QString>& labels);
    void choose(const QStringList& fields);
    [[nodiscard]] const QStringList& chosen() const { return m_chosen; }
    /// Opens the list of all fields; does nothing where all have buttons.
    void openList();

    static constexpr int most = 6;
    static constexpr int mostButtons = 10;

Q_SIGNALS:
    void changed(const QStringList& fields);

private:
    [[nodiscard]] QString labelOf(const QString& field) const { return m_labels.value(field, field); }
    /// In the order of what is offered.
    void setChosen(const QStringList& fields);
    void set(const QString& field, bool on);
    void showButtons();
    void limit();
    void fillList(const QString& search);

    QStringList m_fields;
    QStringList m_chosen;
    QHash<QString, QString> m_labels;
    QHash<QString, QPushButton*> m_buttons;
    QPushButton* m_more = nullptr;
    QPointer<QListWidget> m_list;
};

} // namespace breakwater::desktop
