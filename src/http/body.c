/* Taking a body in. */
#include "http/body.h"

#include "base/arena.h"
#include "base/buf.h"
#include "base/list.h"
#include "base/utf8.h"
#include "http/limits.h"
#include "http/multipart.h"
#include "http/upload.h"
#include "http/url.h"

#include <string.h>
#include <strings.h>
#include <unistd.h>

struct body {
    struct http_request *req;
    const char *data_dir;
    enum http_body_kind kind;
    bool files;       /* a form may hold files */
    struct buf text;  /* a form or raw body; the value of the field that is being read */
    size_t form_left; /* bytes that fields may still take */
    struct list fields;
    struct multipart multipart;
    struct multipart_part part;
    struct http_upload *upload; /* being written */
    char *pending;              /* bytes for its file: a parser gives them in crumbs */
    size_t n_pending;
};

#define PENDING_BYTES 32768

static int status_of(enum err err)
{
    switch (err) {
    case ERR_OK:
        return 0;
    case ERR_INVALID:
        return 400;
    case ERR_LIMIT:
        return 413;
    default:
        return 500;
    }
}

static bool is_type(struct str header, const char *type)
{
    size_t n = strlen(type);
    return header.n >= n && strncasecmp(header.p, type, n) == 0 &&
           (header.n == n || header.p[n] == ';' || header.p[n] == ' ');
}

static enum err write_all(int fd, struct str bytes)
{
    while (bytes.n > 0) {
        ssize_t n = write(fd, bytes.p, bytes.n);
        if (n <= 0) {
            return ERR_IO;
        }
        bytes = (struct str){bytes.p + n, bytes.n - (size_t)n};
    }
    return ERR_OK;
}

/* Adds to the file, through `pending`; an empty text writes what is there. */
static enum err write_upload(struct body *body, struct str bytes)
{
    enum err err = ERR_OK;
    body->upload->size += (int64_t)bytes.n;
    if (body->n_pending > 0 && (bytes.n == 0 || bytes.n > PENDING_BYTES - body->n_pending)) {
        err = write_all(body->upload->fd, (struct str){body->pending, body->n_pending});
        body->n_pending = 0;
    }
    if (err == ERR_OK && bytes.n >= PENDING_BYTES) {
        return write_all(body->upload->fd, bytes);
    }
    if (err == ERR_OK && bytes.n > 0) {
        memcpy(body->pending + body->n_pending, bytes.p, bytes.n);
        body->n_pending += bytes.n;
    }
    return err;
}

static enum err end_upload(struct body *body)
{
    enum err err = write_upload(body, (struct str){"", 0});
    return err == ERR_OK && lseek(body->upload->fd, 0, SEEK_SET) != 0 ? ERR_IO : err;
}

/* Opens the file of the part or body that begins now. */
static enum err open_upload(struct body *body, const struct multipart_part *part)
{
    struct http_request *req = body->req;
    if (!req->uploads) {
        req->uploads = arena_alloc(req->arena, HTTP_MAX_FILES, sizeof *req->uploads);
    }
    if (!body->pending) {
        body->pending = arena_alloc(req->arena, PENDING_BYTES, 1);
    }
    if (!req->uploads || !body->pending) {
        return ERR_NOMEM;
    }
    if (req->n_uploads == HTTP_MAX_FILES) {
        return ERR_LIMIT;
    }
    struct http_upload *upload = &req->uploads[req->n_uploads];
    enum err err = upload_create(body->data_dir, req->arena, upload);
    if (err != ERR_OK) {
        return err == ERR_LIMIT ? ERR_IO : err;
    }
    req->n_uploads++;
    upload->field = part ? part->name : (struct str){"", 0};
    upload->filename = part ? part->filename : (struct str){"", 0};
    upload->type = part ? part->type : request_header(req, "content-type");
    body->upload = upload;
    return ERR_OK;
}

static enum err part_begin(void *ctx, const struct multipart_part *part)
{
    struct body *body = ctx;
    body->part = *part;
    body->upload = NULL;
    buf_clear(&body->text);
    if (!part->is_file || part->filename.n == 0) {
        return ERR_OK;
    }
    return body->files ? open_upload(body, part) : ERR_LIMIT;
}

static enum err part_data(void *ctx, struct str bytes)
{
    struct body *body = ctx;
    if (body->upload) {
        return write_upload(body, bytes);
    }
    if (body->part.is_file) {
        return bytes.n == 0 ? ERR_OK : ERR_INVALID; /* contents of a file without a name */
    }
    if (bytes.n > body->form_left) {
        return ERR_LIMIT;
    }
    body->form_left -= bytes.n;
    buf_add(&body->text, bytes);
    return body->text.err;
}

static enum err part_end(void *ctx)
{
    struct body *body = ctx;
    size_t bad;
    if (body->upload) {
        return end_upload(body);
    }
    if (body->part.is_file) {
        return ERR_OK;
    }
    struct str value;
    enum err err = buf_end(&body->text, &value);
    if (err != ERR_OK || !utf8_is_valid(value, &bad)) {
        return err != ERR_OK ? err : ERR_INVALID;
    }
    char *copy = arena_text(body->req->arena, value.p, value.n);
    struct http_pair pair = {body->part.name, {copy, value.n}};
    return !copy ? ERR_NOMEM : list_add(&body->fields, &pair) ? ERR_OK : body->fields.err;
}

static const struct multipart_sink sink = {part_begin, part_data, part_end};

/* How this body is read, from what the route admits and what the client says it is. */
static int choose(struct body *body, const struct server_admission *admission)
{
    struct str type = request_header(body->req, "content-type");
    if (admission->body == SERVER_BODY_RAW) {
        body->kind = HTTP_BODY_RAW;
        return 0;
    }
    if (admission->body == SERVER_BODY_FILE) {
        body->kind = HTTP_BODY_FILE;
        return status_of(open_upload(body, NULL));
    }
    if (is_type(type, "application/x-www-form-urlencoded")) {
        body->kind = HTTP_BODY_URLENCODED;
        return 0;
    }
    if (!is_type(type, "multipart/form-data")) {
        return 415;
    }
    body->kind = HTTP_BODY_MULTIPART;
    body->files = admission->body == SERVER_BODY_FILES;
    return status_of(multipart_begin(&body->multipart, type, body->req->arena, &sink, body));
}

static int64_t limit_of(const struct server_admission *admission)
{
    if (admission->max > 0) {
        return admission->max;
    }
    return admission->body == SERVER_BODY_FILES  ? HTTP_MAX_FILE_FORM
           : admission->body == SERVER_BODY_FILE ? HTTP_MAX_UPLOAD_PART
                                                 : HTTP_MAX_FORM;
}

int body_begin(struct body **result, struct http_request *req,
               const struct server_admission *admission, int64_t length, const char *data_dir)
{
    int64_t limit = limit_of(admission);
    struct body *body = arena_alloc(req->arena, 1, sizeof *body);
    *result = body;
    if (!body) {
        return 500;
    }
    body->req = req;
    body->data_dir = data_dir;
    body->form_left = HTTP_MAX_FORM;
    list_init(&body->fields, req->arena, sizeof(struct http_pair), HTTP_MAX_PAIRS);
    int status = length > limit ? 413 : choose(body, admission);
    if (status == 0) {
        size_t most = body->kind == HTTP_BODY_MULTIPART ? HTTP_MAX_VALUE : (size_t)length;
        buf_init(&body->text, req->arena, most);
    }
    return status;
}

int body_feed(struct body *body, struct str bytes)
{
    if (body->kind == HTTP_BODY_MULTIPART) {
        return status_of(multipart_feed(&body->multipart, bytes));
    }
    if (body->kind == HTTP_BODY_FILE) {
        return status_of(write_upload(body, bytes));
    }
    buf_add(&body->text, bytes);
    return status_of(body->text.err);
}

int body_end(struct body *body)
{
    struct http_request *req = body->req;
    struct str text;
    req->body_kind = body->kind;
    switch (body->kind) {
    case HTTP_BODY_MULTIPART: {
        int status = status_of(multipart_end(&body->multipart));
        req->form = (struct http_pairs){body->fields.items, (int)body->fields.n};
        return status;
    }
    case HTTP_BODY_FILE:
        return status_of(end_upload(body));
    default:
        break;
    }
    enum err err = buf_end(&body->text, &text);
    if (err == ERR_OK && body->kind == HTTP_BODY_URLENCODED) {
        err = url_form(text, req->arena, &req->form);
    } else if (err == ERR_OK) {
        req->body = text;
    }
    return status_of(err);
}

void body_drop(struct http_request *req)
{
    for (int i = 0; i < req->n_uploads; i++) {
        upload_drop(&req->uploads[i]);
    }
    req->n_uploads = 0;
}
