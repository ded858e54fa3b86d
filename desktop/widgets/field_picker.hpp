#pragma once

#include <QHash>
#include <QStringList>
#include <QWidget>

class QPushButton;

namespace breakwater::desktop {

/// Which fields the chart draws, as buttons that stay down.
class FieldPicker : public QWidget {
    Q_OBJECT
public:
    explicit FieldPicker(QWidget* parent = nullptr);

    /// What there is to choose from; what was chosen stays so where it still is there.
    void offer(const QStringList& fields);
    void choose(const QStringList& fields);
    [[nodiscard]] QStringList chosen() const;

    static constexpr int most = 6;

Q_SIGNALS:
    void changed(const QStringList& fields);

private:
    void limit();

    QStringList m_fields;
    QHash<QString, QPushButton*> m_buttons;
};

} // namespace breakwater::desktop
