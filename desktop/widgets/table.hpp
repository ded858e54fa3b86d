#pragma once

#include <QStyledItemDelegate>
#include <QTableView>

#include <functional>

namespace breakwater::desktop {

/// Shows times in local time, and colours cells with the tint function of the table.
class TableDelegate : public QStyledItemDelegate {
    Q_OBJECT
public:
    using Tint = std::function<QColor(const QModelIndex&, const QPalette&)>;

    using QStyledItemDelegate::QStyledItemDelegate;
    /// Sets the function for the text colour of a cell. An invalid colour means the default.
    void setTint(Tint tint) { m_tint = std::move(tint); }

    [[nodiscard]] QString displayText(const QVariant& value, const QLocale& locale) const override;

protected:
    void initStyleOption(QStyleOptionViewItem* option, const QModelIndex& index) const override;

private:
    Tint m_tint;
};

/// A read-only table with whole-row selection, no grid and equal row heights. Emits `endNear` when the user
/// scrolls near the end.
class Table : public QTableView {
    Q_OBJECT
public:
    explicit Table(const QString& name, QWidget* parent = nullptr);

    [[nodiscard]] TableDelegate& cells() { return *m_cells; }

Q_SIGNALS:
    void endNear();

protected:
    void showEvent(QShowEvent* event) override;

private:
    void checkEndNear();

    TableDelegate* m_cells;
};

} // namespace breakwater::desktop
