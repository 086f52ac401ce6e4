//! A mail server that takes everything and passes nothing on (RFC 5321, as much as a client needs).

use crate::Partners;
use std::sync::Arc;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

const LARGEST: usize = 1 << 20;

pub(crate) async fn serve(listener: TcpListener, partners: Arc<Partners>) {
    while let Ok((stream, _)) = listener.accept().await {
        let partners = partners.clone();
        tokio::spawn(async move {
            // A client that hangs up in the middle has sent nothing.
            let _ = talk(stream, &partners).await;
        });
    }
}

async fn talk(stream: TcpStream, partners: &Partners) -> std::io::Result<()> {
    let (reading, mut writing) = stream.into_split();
    let mut lines = BufReader::new(reading).split(b'\n');
    writing.write_all(b"220 sandbox ESMTP\r\n").await?;
    while let Some(line) = lines.next_segment().await? {
        let verb = String::from_utf8_lossy(&line).trim().to_uppercase();
        let answer: &[u8] = match verb.split([' ', ':']).next().unwrap_or_default() {
            "EHLO" => b"250-sandbox\r\n250 SIZE 1048576\r\n",
            "HELO" | "MAIL" | "RCPT" | "RSET" | "NOOP" => b"250 OK\r\n",
            "DATA" => {
                writing.write_all(b"354 Go on\r\n").await?;
                let mut message = Vec::new();
                while let Some(line) = lines.next_segment().await? {
                    let line = line.strip_suffix(b"\r").unwrap_or(&line);
                    if line == b"." || message.len() > LARGEST {
                        break;
                    }
                    // A leading dot is doubled on the way (§4.5.2).
                    message.extend_from_slice(line.strip_prefix(b".").unwrap_or(line));
                    message.extend_from_slice(b"\r\n");
                }
                partners.mailbox.take(&message);
                b"250 Taken\r\n"
            }
            "QUIT" => {
                writing.write_all(b"221 Bye\r\n").await?;
                return Ok(());
            }
            _ => b"502 Not here\r\n",
        };
        writing.write_all(answer).await?;
    }
    Ok(())
}
