// A ready tus server, as docs/receiving-server.md describes it: uploads into a folder, receipts served beside them.
//   node server.mjs FOLDER [MOST]        prints the port
import http from "node:http"
import fs from "node:fs"
import path from "node:path"
import { createRequire } from "node:module"

// The packages lie where npm put them, not beside this file.
const require = createRequire(path.join(process.env.DGDESK_NODE ?? process.cwd(), "package.json"))
const { Server } = require("@tus/server")
const { FileStore } = require("@tus/file-store")

const folder = process.argv[2]
const tus = new Server({
  path: "/files",
  datastore: new FileStore({ directory: folder }),
  maxSize: Number(process.argv[3] ?? 6 * 2 ** 30),
  relativeLocation: true,
  respectForwardedHeaders: true,
  disableTerminationForFinishedUploads: true,
})
const server = http.createServer((request, response) => {
  const receipt = /^\/files\/([0-9a-f]{32}\.receipt)$/.exec(request.url)
  if (request.method === "GET") {
    // Nothing but receipts is handed out: whoever knows an address shall not get the bundle.
    if (!receipt) return response.writeHead(404).end()
    fs.readFile(path.join(folder, receipt[1]), (error, content) => {
      response.writeHead(error ? 404 : 200, { "Content-Type": "application/json", "Cache-Control": "no-store" })
      response.end(error ? "" : content)
    })
    return
  }
  tus.handle(request, response)
})
server.requestTimeout = 0
server.listen(0, "127.0.0.1", () => console.log(server.address().port))
