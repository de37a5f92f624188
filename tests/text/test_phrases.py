"""Phrases of official Thai, in place of a programmer's: each is in the text that it was written for."""

from __future__ import annotations

import pytest

from dgdesk.draft.drafts import load_form
from text.test_retired_words import thai_texts

PHRASES = (
    ("ui.viewing.key.smaller", "ดูหลักฐาน: ลดขนาดหน้าที่แสดง"),
    ("ui.history.external", "คะแนนจากหน่วยงานผู้ประเมิน ตัวชี้วัด {indicator}"),
    ("ui.check.digest", "(เทียบกับใบลงนามรับรอง)"),
    ("ui.export.title", "ชุดข้อมูลแบบสำรวจ (ไฟล์นำส่ง)"),
    ("print.signoff", "ใบลงนามรับรองการตอบแบบสำรวจ"),
    ("print.signoff.check", "วิธีตรวจสอบว่าใบลงนามรับรองนี้เป็นของชุดข้อมูลใด"),
    ("print.problems.done", "ดำเนินการแล้ว"),
    ("print.blank.how", "กรอกด้วยปากกาเป็นตัวบรรจง"),
    ("print.cover.edition", "ฉบับ"),
    ("respondent.province.named", "จังหวัด{name}"),
    ("cli.estimate", "คะแนนประมาณการของโปรแกรม มิใช่ผลคะแนนอย่างเป็นทางการ"),
    ("ui.score.estimate", "คะแนนประมาณการของโปรแกรม มิใช่ผลคะแนนอย่างเป็นทางการ"),
    ("ui.next_tab", "ต้องดำเนินการ ({count})"),
    ("ui.problem_count", "ต้องแก้ไขหรือกรอกเพิ่ม {errors} รายการ ควรตรวจสอบ {warnings} รายการ"),
    ("ui.status.problems", "มีรายการต้องแก้ไข"),
    ("ui.reason.asked", "ต้องตอบข้อนี้ เนื่องจากข้อ {code} ตอบว่า"),
    ("ui.reason.needs", "ต้องตอบข้อ {codes} เมื่อข้อ {code} ตอบว่า"),
    ("ui.find.needs", "ต้องตอบเมื่อข้อ {code} ตอบว่า"),
    ("ui.name.why", "โปรดระบุชื่อของท่าน เพื่อบันทึกในประวัติว่าผู้ใดแก้ไขคำตอบใดเมื่อใด (ระบุเพียงครั้งเดียว"),
    ("ui.start.forget", "นำออกจากรายการ"),
    ("ui.receiving.remove", "นำออกจากทะเบียนรับ"),
    ("ui.receiving.sealed_later", "ภายหลัง"),
    ("ui.start.receive", "รับและตรวจสอบแบบสำรวจ (หน่วยงานผู้รับ)"),
    ("ui.receiving.title", "รับและตรวจสอบแบบสำรวจ (หน่วยงานผู้รับ)"),
    ("ui.receiving.trust", "ใบรับรองที่เชื่อถือ"),
    ("ui.exporting.kind", "ผู้ที่เปิดไฟล์ได้"),
    ("ui.exporting.next", "ขั้นตอนต่อไป"),
    ("ui.exporting.as_draft", "ส่งออกเป็นฉบับร่าง (DRAFT) แม้ยังกรอกไม่ครบ"),
    ("ui.exporting.draft_means", "หน่วยงานผู้รับจะไม่ถือว่าได้ส่งแบบสำรวจแล้ว"),
    ("ui.exporting.done_draft", "ยังไม่ถือเป็นการส่งแบบสำรวจ"),
    ("ui.exporting.next_send", "คัดลอกลงแฟลชไดรฟ์"),
    ("ui.printing.what", "เอกสารที่จะพิมพ์"),
    ("ui.printing.how", "ตัวเลือกการพิมพ์"),
    ("ui.side", "แถบด้านข้าง"),
    ("ui.bar", "แถบด้านล่าง"),
    ("ui.what_point", "คลิกเพื่อดูคำอธิบายของส่วนต่าง ๆ"),
    ("ui.theme.contrast", "ความคมชัดสูง"),
    ("ui.settings.theme", "รูปแบบสี"),
    ("ui.start.more_hint", "ปรับหน้าจอให้อ่านง่าย"),
    ("ui.find.many", "พิมพ์เพิ่มเพื่อจำกัดผลการค้นหา"),
    ("ui.folder.many_places", "พิมพ์เพิ่มเพื่อจำกัดผลการค้นหา"),
    ("ui.find.none", "โปรดลองใช้คำที่สั้นลง"),
    ("ui.attaching.leave_out", "แนบเฉพาะไฟล์ที่ไม่มีปัญหา"),
    ("ui.attaching.healed", "กู้คืนไฟล์ {names} ที่เสียหายในแบบสำรวจเรียบร้อยแล้ว"),
    ("ui.care.healed", "กู้คืนไฟล์เรียบร้อยแล้ว"),
    ("ui.identities.enrol_about", "ส่งทางช่องทางใดก็ได้"),
    ("ui.what.identities_enrol", "ได้ลงทะเบียนใบรับรองนี้ไว้ก่อน ควรส่งไฟล์และลายนิ้วมือคนละช่องทาง"),
    ("strength.is_weak", "คาดเดาได้ง่าย"),
    ("strength.is_good", "คาดเดายาก"),
    ("office.network", "หากเครือข่ายขัดข้อง"),
    ("office.synced", "ซึ่งอาจล็อกไฟล์ขณะบันทึก หรือสร้างสำเนาซ้ำ"),
    ("office.clock_before_draft", "วันและเวลาของเครื่องอาจย้อนหลัง"),
    ("office.profile_unwritable", "โฟลเดอร์ข้อมูลของโปรแกรม"),
    ("office.parts_missing", "ไฟล์ประกอบของโปรแกรมไม่ครบ"),
    ("office.parts_missing", "แบบสำรวจของท่านไม่สูญหาย"),
    ("ui.office.what", "โปรแกรมตรวจสอบเท่านั้น ไม่แก้ไขสิ่งใดในเครื่อง"),
    ("backup.same_file", "จึงไม่มีการเปลี่ยนแปลงใด"),
    ("ui.care.other_file", "จึงไม่มีการเปลี่ยนแปลงใด"),
    ("ui.column_same", "จึงไม่มีการเปลี่ยนแปลงใด"),
    ("number.bad", "โปรดกรอกเป็นตัวเลข"),
    ("month.bad", "โปรดกรอกเป็นเดือนและปี"),
    ("number.not_whole", "โปรดกรอกเป็นจำนวนเต็ม"),
    ("value.unread", "รูปแบบของคำตอบไม่ถูกต้อง โปรดกรอกใหม่"),
    ("phone.bad", "โปรดกรอกให้ถูกต้อง"),
    ("email.bad", "โปรดกรอกให้ถูกต้อง"),
    ("url.one_only", "ได้ 1 รายการ"),
    ("zip.overlap", "อาจทำให้ไฟล์ขยายจนเต็มไดรฟ์"),
    ("zip.large_lies", "ไม่สอดคล้องกัน"),
    ("receiver.no_bundles", "จึงไม่มีไฟล์ให้ตรวจสอบ"),
    ("ui.folder.what_in", "โปรแกรมจะแนบเฉพาะไฟล์ที่ทำเครื่องหมายไว้"),
    ("ui.viewer.other_kind", "เป็นข้อความ"),
    ("ui.care.compact", "ลดขนาดไฟล์แบบสำรวจ"),
    ("ui.history.action.compact", "ลดขนาดไฟล์แบบสำรวจ"),
    ("ui.receiving.descending", "เรียงย้อนกลับ"),
    ("ui.overview.descending", "เรียงย้อนกลับ"),
    ("ui.register.complete", "ฉบับส่ง"),
    ("receiver.status_final", "ฉบับส่ง"),
    ("ui.repair.do", "ซ่อมแซมไฟล์"),
    ("ui.backups.title", "กู้คืนจากสำเนาสำรอง"),
    ("help/th.html", "โปรดเก็บรักษารหัสผ่านไว้ในที่ปลอดภัย"),
    ("help/th.html", "เมื่อเปลี่ยนผู้กรอก"),
    ("help/th.html", "เพื่อให้ประวัติบันทึกชื่อได้ถูกต้อง"),
    ("help/th.html", "ระบุเลขหน้าหรือใจความสำคัญเป็นข้อความ"),
)
"""Texts about points and about evidence that is missing or unmarked have tests where they are decided."""


@pytest.mark.parametrize(("code", "phrase"), PHRASES)
def test_the_text_has_the_phrase(code: str, phrase: str) -> None:
    assert phrase in thai_texts()[code]


def test_the_signers_certify_in_the_words_of_an_official_letter() -> None:
    signoff = load_form().definition.signoff
    assert signoff is not None
    assert signoff.certification == (
        "ข้าพเจ้าขอรับรองว่า ข้อมูลและเอกสารหลักฐานในแบบสำรวจฉบับนี้ถูกต้อง ครบถ้วน และตรงตามการดำเนินงานจริงของจังหวัดทุกประการ "
        "และให้ถือรหัสตรวจสอบข้างท้ายนี้เป็นหลักฐานว่าชุดข้อมูลที่จัดส่งเป็นฉบับเดียวกับที่ได้ลงนามรับรองไว้"
    )
