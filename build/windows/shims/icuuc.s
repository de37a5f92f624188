# icuuc.dll for wine alone, which lacks this part of Windows 10. Qt asks it for rare character sets, which dgdesk never
# uses: opening one is refused (16, "unsupported"), and nothing else is ever reached.
    .text
    .globl refuse, nothing, attach
refuse:
    test %rdx, %rdx
    je nothing
    movl $16, (%rdx)
nothing:
    xor %eax, %eax
    ret
attach:
    mov $1, %eax
    ret
