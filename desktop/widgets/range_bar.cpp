#include "widgets/range_bar.hpp"

#include "core/json_reader.hpp"
#include "widgets/flow_layout.hpp"
#include "widgets/labels.hpp"

#include <QButtonGroup>
#include <QLineEdit>
#include <QPushButton>

using namespace Qt::StringLiterals;

namespace breakwater::desktop {

namespace {

constexpr int timeWidth = 164;
constexpr int noPreset = -1; // no button has this id

} // namespace

RangeBar::RangeBar(QWidget* parent)
    : QWidget{parent}, m_presets{new QButtonGroup{this}}, m_since{new QLineEdit}, m_until{new QLineEdit} {
    auto* layout = new FlowLayout{this};
    const std::pair<QString, int> presets[] = {
        {tr("15 min"), 900},  {tr("1 h"), 3600},       {tr("6 h"), 21'600}, {tr("24 h"), 86'400},
        {tr("7 d"), 604'800}, {tr("30 d"), 2'592'000}, {tr("All"), 0}};
    for (const auto& [name, seconds] : presets) {
        auto* button = makeButton(name, "plain");
        button->setCheckable(true);
        m_presets->addButton(button, seconds);
        layout->addWidget(button);
    }
    for (QLineEdit* line : {m_since, m_until}) {
        line->setFixedWidth(timeWidth);
        line->setToolTip(tr("A time in ISO 8601 format, such as 2026-01-31T12:00:00Z or "
                            "2026-01-31T13:00+01:00. Times without an offset are in UTC. Leave empty for no "
                            "limit."));
        layout->addWidget(line);
        connect(line, &QLineEdit::returnPressed, this, &RangeBar::applyTypedRange);
    }
    m_since->setObjectName(u"since"_s);
    m_until->setObjectName(u"until"_s);
    m_since->setPlaceholderText(tr("from (ISO 8601)"));
    m_until->setPlaceholderText(tr("to (ISO 8601)"));
    m_since->setAccessibleName(tr("From"));
    m_until->setAccessibleName(tr("To"));
    auto* apply = makeButton(tr("Apply"));
    layout->addWidget(apply);

    connect(apply, &QPushButton::clicked, this, &RangeBar::applyTypedRange);
    connect(m_presets, &QButtonGroup::idClicked, this, [this](int seconds) {
        setRange(TimeRange::last(seconds));
        Q_EMIT rangeChosen(m_range);
    });
}

void RangeBar::setRange(const TimeRange& range) {
    m_range = range;
    const bool preset = range.lastSeconds > 0 || (!range.since.isValid() && !range.until.isValid());
    const int presetSeconds = preset ? static_cast<int>(range.lastSeconds) : noPreset;
    m_presets->setExclusive(m_presets->button(presetSeconds) != nullptr);
    for (QAbstractButton* button : m_presets->buttons())
        button->setChecked(m_presets->id(button) == presetSeconds);
    const auto text = [](const QDateTime& time) {
        return time.isValid() ? time.toUTC().toString(Qt::ISODate) : QString{};
    };
    m_since->setText(text(range.since));
    m_until->setText(text(range.until));
    for (QLineEdit* line : {m_since, m_until}) {
        line->setCursorPosition(0);
        line->setPalette({});
    }
}

bool RangeBar::readTime(QLineEdit& line, QDateTime& time) {
    const QString text = line.text().trimmed();
    time = text.isEmpty() ? QDateTime{} : parseTime(text);
    const bool isValid = text.isEmpty() || time.isValid();
    QPalette tinted;
    if (!isValid)
        tinted.setColor(QPalette::Text, color(Tone::Bad, palette()));
    line.setPalette(tinted);
    if (!isValid)
        line.setFocus();
    return isValid;
}

void RangeBar::applyTypedRange() {
    QDateTime since;
    QDateTime until;
    if (!readTime(*m_since, since) || !readTime(*m_until, until))
        return;
    setRange({.lastSeconds = 0, .since = since, .until = until});
    Q_EMIT rangeChosen(m_range);
}

} // namespace breakwater::desktop
