#include "widgets/field_picker.hpp"

#include "core/payload_fields.hpp"
#include "widgets/flow_layout.hpp"
#include "widgets/labels.hpp"

namespace breakwater::desktop {

FieldPicker::FieldPicker(QWidget* parent) : QWidget{parent} {
    new FlowLayout{this};
    setAccessibleName(tr("Fields of the chart"));
}

void FieldPicker::offer(const QStringList& fields) {
    if (fields == m_fields)
        return;
    const QStringList before = chosen();
    qDeleteAll(m_buttons);
    m_buttons.clear();
    m_fields = fields;
    for (const QString& field : fields) {
        QPushButton* button = makeButton(fieldLabel(field));
        button->setCheckable(true);
        button->setChecked(before.contains(field));
        button->setToolTip(plainToolTip(field));
        layout()->addWidget(button);
        m_buttons.insert(field, button);
        connect(button, &QPushButton::toggled, this, [this] {
            limit();
            Q_EMIT changed(chosen());
        });
    }
    limit();
}

void FieldPicker::choose(const QStringList& fields) {
    for (const QString& field : std::as_const(m_fields)) {
        const QSignalBlocker quiet{m_buttons[field]};
        m_buttons[field]->setChecked(fields.contains(field));
    }
    limit();
    Q_EMIT changed(chosen());
}

QStringList FieldPicker::chosen() const {
    QStringList fields;
    for (const QString& field : m_fields)
        if (m_buttons[field]->isChecked())
            fields << field;
    return fields;
}

void FieldPicker::limit() {
    const bool full = chosen().size() >= most;
    for (QPushButton* button : std::as_const(m_buttons))
        button->setEnabled(!full || button->isChecked());
}

} // namespace breakwater::desktop
