// A zip of files, made on the fly: what a student information system would send.
//
//     const bytes = zip({ "users.csv": "..." });       // names to texts or buffers
//     const bytes = zipFolder("/path");                  // the files right in it
//     const files = unzip(bytes);                        // names to texts
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { deflateRawSync, inflateRawSync } from "node:zlib";

const table = Array.from({ length: 256 }, (_, n) => {
    let c = n;
    for (let k = 0; k < 8; k += 1) {
        c = c & 1 ? 0xedb88320 ^ (c >>> 1) : c >>> 1;
    }
    return c >>> 0;
});

function crc32(bytes) {
    let c = 0xffffffff;
    for (const byte of bytes) {
        c = table[(c ^ byte) & 0xff] ^ (c >>> 8);
    }
    return (c ^ 0xffffffff) >>> 0;
}

// The fields that the two headers of an entry share (APPNOTE.TXT 4.3.7 and 4.3.12).
function fields(name, bytes, packed) {
    const head = Buffer.alloc(26);
    head.writeUInt16LE(20, 0); // version needed
    head.writeUInt16LE(0x800, 2); // names are UTF-8
    head.writeUInt16LE(8, 4); // deflate
    head.writeUInt16LE(0x21, 8); // 1 January 1980
    head.writeUInt32LE(crc32(bytes), 10);
    head.writeUInt32LE(packed.length, 14);
    head.writeUInt32LE(bytes.length, 18);
    head.writeUInt16LE(Buffer.byteLength(name), 22);
    return head;
}

export function zip(files) {
    const entries = [];
    const directory = [];
    let offset = 0;
    for (const [name, content] of Object.entries(files)) {
        const bytes = Buffer.from(content);
        const packed = deflateRawSync(bytes);
        const shared = fields(name, bytes, packed);
        const local = Buffer.concat([Buffer.from("PK\x03\x04"), shared, Buffer.from(name), packed]);
        const rest = Buffer.alloc(14);
        rest.writeUInt32LE(offset, 10);
        directory.push(Buffer.concat([Buffer.from("PK\x01\x02\x14\0"), shared, rest, Buffer.from(name)]));
        entries.push(local);
        offset += local.length;
    }
    const central = Buffer.concat(directory);
    const end = Buffer.alloc(22);
    end.write("PK\x05\x06", 0, "latin1");
    end.writeUInt16LE(entries.length, 8);
    end.writeUInt16LE(entries.length, 10);
    end.writeUInt32LE(central.length, 12);
    end.writeUInt32LE(offset, 16);
    return Buffer.concat([...entries, central, end]);
}

export const zipFolder = (folder) => zip(Object.fromEntries(readdirSync(folder)
    .filter((name) => name.endsWith(".csv"))
    .map((name) => [name, readFileSync(path.join(folder, name))])));

// By the central directory (APPNOTE.TXT 4.3.12), texts only.
export function unzip(bytes) {
    const files = {};
    const end = bytes.lastIndexOf("PK\x05\x06", undefined, "latin1");
    let at = bytes.readUInt32LE(end + 16);
    for (let i = 0; i < bytes.readUInt16LE(end + 10); i += 1) {
        const [packed, , name, extra, comment] = [20, 24, 28, 30, 32]
            .map((k) => (k < 28 ? bytes.readUInt32LE(at + k) : bytes.readUInt16LE(at + k)));
        const local = bytes.readUInt32LE(at + 42);
        const begin = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
        const content = bytes.subarray(begin, begin + packed);
        files[bytes.toString("utf8", at + 46, at + 46 + name)] =
            (bytes.readUInt16LE(at + 10) === 8 ? inflateRawSync(content) : content).toString();
        at += 46 + name + extra + comment;
    }
    return files;
}
