// Seals a DELETE like the console, with the libraries that web pages use for it: RSAES-PKCS1-v1_5
// in sections for the header, AES-128-CBC with PKCS#7 for the body. `cargo xtask bench` compares
// both.
import CryptoJS from "crypto-js";
import { JSEncrypt } from "jsencrypt";

const { Base64, Hex, Utf8 } = CryptoJS.enc;

export class Sealer {
  #rsa = new JSEncrypt();
  #password;
  #section;

  constructor(publicKey, password) {
    this.#rsa.setPublicKey(publicKey);
    this.#password = password;
    // The bytes of a section, without the padding.
    this.#section = this.#rsa.getKey().n.bitLength() / 8 - 11;
  }

  /** Returns header and body for this time of the agent (milliseconds since 1970). */
  seal(agentTime) {
    const key = CryptoJS.lib.WordArray.random(16);
    const iv = CryptoJS.lib.WordArray.random(16);
    const header = JSON.stringify({
      Auth: this.#password,
      Ts: String(Math.floor(agentTime / 1000) + 60),
      Uri: "/api/v1/obproxy",
      Keys: Base64.stringify(key.clone().concat(iv)),
    });
    let sealed = "";
    for (let at = 0; at < header.length; at += this.#section) {
      sealed += this.#rsa.getKey().encrypt(header.slice(at, at + this.#section));
    }
    const body = CryptoJS.AES.encrypt(Utf8.parse("{}"), key, {
      iv,
      mode: CryptoJS.mode.CBC,
      padding: CryptoJS.pad.Pkcs7,
    });
    return [Base64.stringify(Hex.parse(sealed)), body.toString()];
  }
}
